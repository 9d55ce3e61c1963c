// What of the intake pages stands in the address bar.
export interface IntakeSearch {
  source?: string;
  state?: "open" | "reread" | "discarded" | "all";
}

const STATES = ["open", "reread", "discarded", "all"] as const;

export function intakeSearch(given: Record<string, unknown>): IntakeSearch {
  const search: IntakeSearch = {};
  if (typeof given.source === "string" && given.source !== "") search.source = given.source;
  const state = STATES.find((known) => known === given.state);
  if (state) search.state = state;
  return search;
}
