// The span of promises that scorecards are over: whole weeks back from the tenant's present.

export const WEEKS = [4, 12, 26] as const;
export type Weeks = (typeof WEEKS)[number];

export interface ScorecardsSearch {
  weeks?: Weeks;
}

export function scorecardsSearch(given: Record<string, unknown>): ScorecardsSearch {
  const weeks = WEEKS.find((known) => known === Number(given.weeks));
  return weeks === undefined ? {} : { weeks };
}

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;

/** From when until when, for weeks back from an instant. */
export function spanOf(weeks: Weeks, now: string): { from: string; until: string } {
  // Full hours: a clock that runs fast is not a new question every second.
  const until = Math.ceil(Date.parse(now) / HOUR_MS) * HOUR_MS;
  return {
    from: new Date(until - weeks * WEEK_MS).toISOString(),
    until: new Date(until).toISOString(),
  };
}
