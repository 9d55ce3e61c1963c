// What of the hand-offs page stands in the address bar.
export interface HandoffsSearch {
  state?: "disputed";
  partner?: string;
}

export function handoffsSearch(given: Record<string, unknown>): HandoffsSearch {
  const search: HandoffsSearch = {};
  if (given.state === "disputed") search.state = "disputed";
  if (typeof given.partner === "string" && given.partner !== "") search.partner = given.partner;
  return search;
}
