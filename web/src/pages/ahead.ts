// What a page asks for first is asked for with the click that leads there (or already when the reader points
// at the link), not when the page has been fetched and drawn: the answer comes while that is done.
//
// A page does not depend on it. Where it was not asked ahead, as on the first page of a session, the page
// asks for itself; what is asked twice is asked once, as both go by the query's name.
import type {
  FetchInfiniteQueryOptions,
  FetchQueryOptions,
  QueryClient,
  QueryKey,
} from "@tanstack/react-query";
import { may, type Session } from "@/api/session";

/** What the router hands to every route. */
export interface Ahead {
  queries: QueryClient;
}

/** What the router says of a route that it is about to show. */
interface Going {
  context: Ahead;
  cause: "preload" | "enter" | "stay";
}

/** Whether it is to be asked for: a page that is entered has it anew, else what is known will do. */
function isWanted({ context, cause }: Going, operation: string, queryKey: QueryKey): boolean {
  const session = context.queries.getQueryData<Session | null>(["session"]);
  if (!session || session.lacksSecondFactor || !may(session, operation)) return false;
  return cause === "enter" || context.queries.getQueryState(queryKey) === undefined;
}

/** Begins to ask for a list, and waits for nothing. */
export function listAhead<F, E, D, K extends QueryKey, P>(
  going: Going,
  operation: string,
  list: FetchInfiniteQueryOptions<F, E, D, K, P>,
): void {
  if (isWanted(going, operation, list.queryKey))
    void going.context.queries.prefetchInfiniteQuery(list);
}

/** Begins to ask for one thing, and waits for nothing. */
export function oneAhead<F, E, D, K extends QueryKey>(
  going: Going,
  operation: string,
  one: FetchQueryOptions<F, E, D, K>,
): void {
  if (isWanted(going, operation, one.queryKey)) void going.context.queries.prefetchQuery(one);
}
