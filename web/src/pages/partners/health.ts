// Whether a feed is heard as often as it says it is. Pure.
import type { Source } from "@/api/types";
import { secondsOf } from "@/i18n/format";

/** What of a feed says how it does. */
export type Watched = Pick<Source, "disabled_at" | "heard_at" | "silent_after">;

export type Health = "disabled" | "never" | "silent" | "heard" | "unwatched";

/** `now` is the tenant's clock. */
export function healthOf(source: Watched, now: string): Health {
  if (source.disabled_at) return "disabled";
  if (!source.heard_at) return source.silent_after ? "never" : "unwatched";
  if (!source.silent_after) return "unwatched";
  const quiet = (Date.parse(now) - Date.parse(source.heard_at)) / 1000;
  return quiet > secondsOf(source.silent_after) ? "silent" : "heard";
}

/** Whether it is a feed, and not what people and Baton itself speak through. */
export const isFeed = (source: Source): boolean => source.role !== "platform";

export const HEALTH_TONES: Record<Health, "plain" | "warn" | "bad" | "good"> = {
  disabled: "plain",
  never: "warn",
  silent: "bad",
  heard: "good",
  unwatched: "plain",
};
export const HEALTH_MARKS: Record<Health, string> = {
  disabled: "×",
  never: "?",
  silent: "!",
  heard: "✓",
  unwatched: "·",
};
