// What of the order page stands in the address bar.
export interface OrderSearch {
  /** The instant as of which the order is shown. */
  as_of?: string;
  /** The claim whose evidence is open. */
  claim?: string;
  tab?: "lines" | "handoffs" | "promises" | "timeline" | "messages" | "what_if";
}

const TABS = ["lines", "handoffs", "promises", "timeline", "messages", "what_if"] as const;

export function orderSearch(given: Record<string, unknown>): OrderSearch {
  const search: OrderSearch = {};
  if (typeof given.as_of === "string" && !Number.isNaN(Date.parse(given.as_of)))
    search.as_of = given.as_of;
  if (typeof given.claim === "string" && given.claim !== "") search.claim = given.claim;
  const tab = TABS.find((known) => known === given.tab);
  if (tab) search.tab = tab;
  return search;
}
