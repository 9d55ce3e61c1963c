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

export function dateTime(at: string): string {
  return new Intl.DateTimeFormat(locale(), {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  }).format(new Date(at));
}

/** With year, seconds and zone: for a title, or where the exact instant matters. */
export function exact(at: string): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "long" }).format(
    new Date(at),
  );
}

export function day(at: string): string {
  const options = { day: "numeric", month: "short" } as const;
  return new Intl.DateTimeFormat(locale(), options).format(new Date(at));
}

/** A month such as `2026-05`, which is one of UTC. */
export function monthName(month: string): string {
  const options = { month: "long", year: "numeric", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(locale(), options).format(new Date(`${month}-01`));
}

/** A day such as `2026-05-03`, which is one of UTC. */
export function utcDay(on: string): string {
  const options = { day: "numeric", month: "short", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(locale(), options).format(new Date(on));
}

export function clockTime(at: string): string {
  const options = { hour: "2-digit", minute: "2-digit" } as const;
  return new Intl.DateTimeFormat(locale(), options).format(new Date(at));
}

/** An interval of a day or longer is a day; a shorter one its middle, marked as not exact. */
export function happened(when: Happened): string {
  const [from, to] = [Date.parse(when.earliest), Date.parse(when.latest)];
  const width = (to - from) / 1000;
  if (width < MINUTE) return dateTime(when.earliest);
  if (width <= DAY + MINUTE) return day(new Date((from + to) / 2).toISOString());
  return `${day(when.earliest)} – ${day(when.latest)}`;
}

export function money(value: Money): string {
  const amount = Number(value.amount);
  try {
    return new Intl.NumberFormat(locale(), { style: "currency", currency: value.currency }).format(
      amount,
    );
  } catch {
    // Not a currency of ISO 4217: shown as it was said.
    return `${value.amount} ${value.currency}`;
  }
}

/** Thousandths as per cent, with a decimal where there is one. */
export const percent = (perMille: number) =>
  new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: 1 }).format(
    perMille / 1000,
  );

export const count = (value: number) => new Intl.NumberFormat(locale()).format(value);

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
  const value = new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 });
  return `${value.format(many / 1024 ** step)} ${steps[step - 1]}`;
}

/** A sentence of the API with the instants in it as the reader writes them. */
export const readable = (sentence: string): string =>
  sentence.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (at) => dateTime(at));
