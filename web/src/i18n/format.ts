// Instants, lengths, money and quantities as the reader's language writes them.
import type { Happened, Money } from "@/api/types";
import { language, text } from "./index";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const UNITS: Record<string, number> = { d: DAY, h: HOUR, m: MINUTE, s: 1, w: 7 * DAY };

const locale = () => (language() === "de" ? "de-DE" : "en-GB");

/** The reader's time zone, by name. */
export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Making a formatter takes many times what using one does, and a table uses one for each cell. */
const made = new Map<string, unknown>();
function kept<F>(what: string, make: (locale: string) => F): F {
  const key = `${what} ${locale()}`;
  const known = made.get(key);
  if (known !== undefined) return known as F;
  const fresh = make(locale());
  made.set(key, fresh);
  return fresh;
}

type DateParts = Intl.DateTimeFormatOptions;
const date = (what: string, parts: DateParts, at: string): string =>
  kept(what, (locale) => new Intl.DateTimeFormat(locale, parts)).format(new Date(at));
const number = (what: string, parts: Intl.NumberFormatOptions, value: number): string =>
  kept(what, (locale) => new Intl.NumberFormat(locale, parts)).format(value);

export const dateTime = (at: string): string =>
  date("date time", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }, at);

/** With year, seconds and zone: for a title, or where the exact instant matters. */
export const exact = (at: string): string =>
  date("exact", { dateStyle: "medium", timeStyle: "long" }, at);

export const day = (at: string): string => date("day", { day: "numeric", month: "short" }, at);

/** A month such as `2026-05`, which is one of UTC. */
export const monthName = (month: string): string =>
  date("month", { month: "long", year: "numeric", timeZone: "UTC" }, `${month}-01`);

/** A day such as `2026-05-03`, which is one of UTC. */
export const utcDay = (on: string): string =>
  date("day in UTC", { day: "numeric", month: "short", timeZone: "UTC" }, on);

export const clockTime = (at: string): string =>
  date("clock", { hour: "2-digit", minute: "2-digit" }, at);

/** An interval of a day or longer is a day; a shorter one its middle, marked as not exact. */
export function happened(when: Happened): string {
  const [from, to] = [Date.parse(when.earliest), Date.parse(when.latest)];
  const width = (to - from) / 1000;
  if (width < MINUTE) return dateTime(when.earliest);
  if (width <= DAY + MINUTE) return day(new Date((from + to) / 2).toISOString());
  return `${day(when.earliest)} – ${day(when.latest)}`;
}

export function money(value: Money): string {
  const { amount, currency } = value;
  try {
    return number(`money ${currency}`, { style: "currency", currency }, Number(amount));
  } catch {
    // Not a currency of ISO 4217: shown as it was said.
    return `${amount} ${currency}`;
  }
}

/** Thousandths as per cent, with a decimal where there is one. */
export const percent = (perMille: number): string =>
  number("percent", { style: "percent", maximumFractionDigits: 1 }, perMille / 1000);

export const count = (value: number): string => number("count", {}, value);

/** The two greatest units of a length: "3 d 4 h". */
export function length(seconds: number): string {
  const whole = Math.abs(Math.round(seconds));
  const sign = seconds < 0 ? "−" : "";
  const parts: string[] = [];
  let rest = whole;
  for (const [unit, size] of [
    ["d", DAY],
    ["h", HOUR],
    ["m", MINUTE],
    ["s", 1],
  ] as const) {
    const many = Math.floor(rest / size);
    rest -= many * size;
    if (many > 0) parts.push(`${many} ${text(`unit.${unit}`)}`);
    else if (parts.length > 0) break;
  }
  return sign + (parts.slice(0, 2).join(" ") || `0 ${text("unit.m")}`);
}

export const minutes = (value: number) => length(value * MINUTE);

/** Seconds of a length as the API writes it: "3d 4h", "3h 22m 16s". */
export function secondsOf(written: string): number {
  let total = 0;
  for (const [, many = "0", unit = "s"] of written.matchAll(/(\d+)\s*([wdhms])/g))
    total += Number(many) * (UNITS[unit] ?? 0);
  return total;
}

/** How long ago something came, in words; what came after `now` was told came just now. */
export const heardSince = (at: string, now: string): string => since(at, at > now ? at : now);

/** How far one instant is after another, in words. */
export function since(at: string, now: string): string {
  const seconds = (Date.parse(now) - Date.parse(at)) / 1000;
  return seconds >= 0
    ? text("time.ago", { length: length(seconds) })
    : text("time.in", { length: length(-seconds) });
}

export function bytes(many: number): string {
  if (many < 1024) return `${count(many)} B`;
  const steps = ["KB", "MB", "GB", "TB"];
  const step = Math.min(Math.floor(Math.log2(many) / 10), steps.length);
  const value = number("one decimal", { maximumFractionDigits: 1 }, many / 1024 ** step);
  return `${value} ${steps[step - 1]}`;
}

/** A sentence of the API with the instants in it as the reader writes them. */
export const readable = (sentence: string): string =>
  sentence.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (at) => dateTime(at));
