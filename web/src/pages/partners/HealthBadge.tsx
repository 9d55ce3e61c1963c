// Whether a feed is heard as it should be, as a mark with a word.
import { text } from "@/i18n";
import { Badge, type Tone } from "@/ui/badges";
import type { Health } from "./health";

const TONES: Record<Health, Tone> = {
  disabled: "plain",
  never: "warn",
  silent: "bad",
  heard: "good",
  unwatched: "plain",
};
const MARKS: Record<Health, string> = {
  disabled: "×",
  never: "?",
  silent: "!",
  heard: "✓",
  unwatched: "·",
};

export function HealthBadge({ health }: { health: Health }) {
  return (
    <Badge tone={TONES[health]} mark={MARKS[health]}>
      {text(`health.${health}`)}
    </Badge>
  );
}
