// What the pages ask, as queries with names: the names are what live events make stale.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { ask, client, rawMessage } from "./client";
import type { paths } from "./openapi";
import type { PackSource } from "./types";

type Query<P extends keyof paths> = paths[P] extends {
  get: { parameters: { query?: infer Q } };
}
  ? Omit<NonNullable<Q>, "cursor" | "limit">
  : never;

export type OrderFilter = Query<"/v1/orders">;
export type ExceptionFilter = Query<"/v1/exceptions">;
export type AuditFilter = Omit<Query<"/v1/audit">, "format">;

/** Rows that are asked for at a time: more than a tall screen shows. */
const PAGE_ROWS = 100;
/** Exceptions that are asked for at a time: each comes with the orders that it touches. */
const EXCEPTION_ROWS = 50;
/** Hand-offs that are looked for at a time; each order that is looked at is derived. */
const HANDOFF_ROWS = 25;
/** Facts of one order that the slider and the timeline read at a time. */
const FACTS_ROWS = 500;

interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

const pages = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page: Page<unknown>) => page.next_cursor ?? undefined,
  placeholderData: keepPreviousData,
};

/** How often lists are looked at again of which the stream of changes tells nothing. */
const LOOK_AGAIN_MS = 5_000;

/** What comes in shows by itself; whoever went on to older rows is left in peace. */
const comingIn = {
  ...pages,
  refetchInterval: (query: { state: { data?: { pages: unknown[] } } }) =>
    (query.state.data?.pages.length ?? 0) > 1 ? (false as const) : LOOK_AGAIN_MS,
};

export const orders = (filter: OrderFilter, limit = PAGE_ROWS) =>
  infiniteQueryOptions({
    queryKey: ["orders", filter, limit],
    queryFn: ({ pageParam, signal }) =>
      ask(
        client.GET("/v1/orders", {
          params: { query: { ...filter, limit, cursor: pageParam } },
          signal,
        }),
      ),
    ...pages,
  });

export const order = (id: string, asOf?: string) =>
  queryOptions({
    queryKey: ["order", id, asOf ?? "now"],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/v1/orders/{id}", {
          params: { path: { id }, query: { as_of: asOf } },
          signal,
        }),
      ),
    placeholderData: (previous: unknown, query) =>
      query?.queryKey[1] === id ? (previous as never) : undefined,
  });

export const timeline = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["timeline", id],
    queryFn: ({ pageParam, signal }) =>
      ask(
        client.GET("/v1/orders/{id}/timeline", {
          params: { path: { id }, query: { limit: FACTS_ROWS, cursor: pageParam } },
          signal,
        }),
      ),
    ...pages,
    placeholderData: undefined,
  });

export const explanation = (id: string, claim: string) =>
  queryOptions({
    queryKey: ["explain", id, claim],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/v1/orders/{id}/explain", {
          params: { path: { id }, query: { claim } },
          signal,
        }),
      ),
  });

export const exceptions = (filter: ExceptionFilter, limit = EXCEPTION_ROWS) =>
  infiniteQueryOptions({
    queryKey: ["exceptions", filter, limit],
    queryFn: ({ pageParam, signal }) =>
      ask(
        client.GET("/v1/exceptions", {
          params: { query: { ...filter, limit, cursor: pageParam } },
          signal,
        }),
      ),
    ...pages,
  });

export const exception = (id: string) =>
  queryOptions({
    queryKey: ["exceptions", "one", id],
    queryFn: ({ signal }) =>
      ask(client.GET("/v1/exceptions/{id}", { params: { path: { id } }, signal })),
  });

/** Bodies do not change. */
export const raw = (id: string) =>
  queryOptions({ queryKey: ["raw", id], queryFn: () => rawMessage(id), staleTime: Infinity });

export const partners = () =>
  queryOptions({
    queryKey: ["partners"],
    queryFn: ({ signal }) => ask(client.GET("/v1/partners", { signal })),
    staleTime: 60_000,
  });

/** Names of the partners that the reader may know of; with an order, of those who play a part in it. */
export const partnerNames = (order?: string) =>
  queryOptions({
    queryKey: ["partner-names", order ?? "all"],
    queryFn: ({ signal }) =>
      ask(client.GET("/v1/partner-names", { params: { query: { order } }, signal })),
    staleTime: 60_000,
  });

export const partnerProfile = (partner: string) =>
  queryOptions({
    queryKey: ["partner", partner],
    queryFn: ({ signal }) =>
      ask(client.GET("/v1/partners/{partner}", { params: { path: { partner } }, signal })),
  });

export const sources = () =>
  queryOptions({
    queryKey: ["sources"],
    queryFn: ({ signal }) => ask(client.GET("/v1/sources", { signal })),
  });

export const caller = () =>
  queryOptions({
    queryKey: ["caller"],
    queryFn: ({ signal }) => ask(client.GET("/v1/caller", { signal })),
  });

export const messages = (filter: Query<"/v1/messages">) =>
  infiniteQueryOptions({
    queryKey: ["messages", filter],
    queryFn: ({ pageParam, signal }) =>
      ask(
        client.GET("/v1/messages", {
          params: { query: { ...filter, limit: PAGE_ROWS, cursor: pageParam } },
          signal,
        }),
      ),
    ...comingIn,
  });

export const message = (id: string) =>
  queryOptions({
    queryKey: ["message", id],
    queryFn: ({ signal }) =>
      ask(client.GET("/v1/messages/{id}", { params: { path: { id } }, signal })),
  });

export const quarantine = (filter: Query<"/v1/quarantine">) =>
  infiniteQueryOptions({
    queryKey: ["quarantine", "list", filter],
    queryFn: ({ pageParam, signal }) =>
      ask(
        client.GET("/v1/quarantine", {
          params: { query: { ...filter, limit: PAGE_ROWS, cursor: pageParam } },
          signal,
        }),
      ),
    ...comingIn,
  });

export const quarantineItem = (id: string) =>
  queryOptions({
    queryKey: ["quarantine", "item", id],
    queryFn: ({ signal }) =>
      ask(client.GET("/v1/quarantine/{id}", { params: { path: { id } }, signal })),
  });

export const unmatched = () =>
  infiniteQueryOptions({
    queryKey: ["unmatched", "list"],
    queryFn: ({ pageParam, signal }) =>
      ask(
        client.GET("/v1/unmatched", {
          params: { query: { limit: PAGE_ROWS, cursor: pageParam } },
          signal,
        }),
      ),
    ...comingIn,
  });

export const unmatchedItem = (id: string) =>
  queryOptions({
    queryKey: ["unmatched", "item", id],
    queryFn: ({ signal }) =>
      ask(client.GET("/v1/unmatched/{id}", { params: { path: { id } }, signal })),
  });

/** Every order of the span is derived again for it: not asked for again at each change. */
export const scorecards = (span: { from: string; until: string }) =>
  queryOptions({
    queryKey: ["scorecards", span],
    queryFn: ({ signal }) => ask(client.GET("/v1/scorecards", { params: { query: span }, signal })),
    staleTime: 5 * 60_000,
    placeholderData: keepPreviousData,
  });

export const home = (day: Query<"/v1/home">) =>
  queryOptions({
    queryKey: ["home", day],
    queryFn: ({ signal }) => ask(client.GET("/v1/home", { params: { query: day }, signal })),
    placeholderData: keepPreviousData,
  });

export const handoffs = (filter: Query<"/v1/handoffs">) =>
  infiniteQueryOptions({
    queryKey: ["handoffs", filter],
    queryFn: ({ pageParam, signal }) =>
      ask(
        client.GET("/v1/handoffs", {
          params: { query: { ...filter, limit: HANDOFF_ROWS, cursor: pageParam } },
          signal,
        }),
      ),
    ...pages,
  });

export const myCustomers = () =>
  queryOptions({
    queryKey: ["my-customers"],
    queryFn: ({ signal }) => ask(client.GET("/v1/my-customers", { signal })),
    staleTime: 60_000,
  });

export const customers = (q: string) =>
  queryOptions({
    queryKey: ["customers", q],
    queryFn: ({ signal }) =>
      ask(client.GET("/v1/customers", { params: { query: q ? { q } : {} }, signal })),
    staleTime: 60_000,
  });

export const views = () =>
  queryOptions({
    queryKey: ["views"],
    queryFn: ({ signal }) => ask(client.GET("/v1/views", { signal })),
  });

export const feedHealth = (source: string) =>
  queryOptions({
    queryKey: ["feed", source],
    queryFn: ({ signal }) =>
      ask(client.GET("/v1/sources/{source}/health", { params: { path: { source } }, signal })),
  });

export const overview = () =>
  queryOptions({
    queryKey: ["overview"],
    queryFn: ({ signal }) => ask(client.GET("/v1/overview", { signal })),
  });

export const packs = () =>
  queryOptions({
    queryKey: ["packs"],
    queryFn: ({ signal }) => ask(client.GET("/v1/packs", { signal })),
  });

export const pack = (name: string, version?: string) =>
  queryOptions({
    queryKey: ["pack", name, version ?? ""],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/v1/packs/{pack}", {
          params: { path: { pack: name }, query: { version } },
          signal,
        }),
      ),
  });

export const draft = (name: string) =>
  queryOptions({
    queryKey: ["draft", name],
    queryFn: ({ signal }) =>
      ask(client.GET("/v1/packs/{pack}/draft", { params: { path: { pack: name } }, signal })),
    // The page that shows it is the one that changes it.
    staleTime: Infinity,
    gcTime: 0,
  });

/** They are of the server's version. */
export const packSchemas = () =>
  queryOptions({
    queryKey: ["pack-schemas"],
    queryFn: ({ signal }) => ask(client.GET("/v1/pack-schemas", { signal })),
    staleTime: Infinity,
  });

export const packDifference = (was: PackSource, is: PackSource) =>
  queryOptions({
    queryKey: ["pack-difference", was, is],
    queryFn: ({ signal }) =>
      ask(client.POST("/v1/pack-differences", { body: { was, is }, signal })),
    gcTime: 0,
  });

export const packPolicy = () =>
  queryOptions({
    queryKey: ["pack-policy"],
    queryFn: ({ signal }) => ask(client.GET("/v1/pack-policy", { signal })),
  });

export const packDrafts = () =>
  queryOptions({
    queryKey: ["pack-drafts"],
    queryFn: ({ signal }) => ask(client.GET("/v1/pack-drafts", { signal })),
  });

export const packRequests = () =>
  queryOptions({
    queryKey: ["pack-requests"],
    queryFn: ({ signal }) => ask(client.GET("/v1/pack-requests", { signal })),
  });

export const packActivations = (pack: string) =>
  queryOptions({
    queryKey: ["pack-activations", pack],
    queryFn: ({ signal }) =>
      ask(client.GET("/v1/pack-activations", { params: { query: { pack, limit: 200 } }, signal })),
  });

export const keys = () =>
  queryOptions({
    queryKey: ["keys"],
    queryFn: ({ signal }) => ask(client.GET("/v1/keys", { signal })),
  });

export const tenants = () =>
  queryOptions({
    queryKey: ["tenants"],
    queryFn: ({ signal }) => ask(client.GET("/v1/tenants", { signal })),
  });

export const examination = () =>
  queryOptions({
    queryKey: ["doctor"],
    queryFn: ({ signal }) => ask(client.GET("/v1/doctor", { signal })),
  });

export const outbox = () =>
  queryOptions({
    queryKey: ["outbox"],
    queryFn: ({ signal }) =>
      ask(client.GET("/v1/outbox", { params: { query: { state: "dead" } }, signal })),
  });

export const account = () =>
  queryOptions({
    queryKey: ["account"],
    queryFn: ({ signal }) => ask(client.GET("/v1/account", { signal })),
  });

export const ownSessions = () =>
  queryOptions({
    queryKey: ["account", "sessions"],
    queryFn: ({ signal }) => ask(client.GET("/v1/account/sessions", { signal })),
  });

export const users = () =>
  queryOptions({
    queryKey: ["users"],
    queryFn: ({ signal }) => ask(client.GET("/v1/users", { signal })),
  });

export const signInRules = () =>
  queryOptions({
    queryKey: ["sign-in-rules"],
    queryFn: ({ signal }) => ask(client.GET("/v1/sign-in-rules", { signal })),
  });

export const acts = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ["audit", filter],
    queryFn: ({ pageParam, signal }) =>
      ask(
        client.GET("/v1/audit", {
          params: { query: { ...filter, limit: PAGE_ROWS, cursor: pageParam } },
          signal,
        }),
      ),
    ...pages,
  });

export const brand = (query: { of?: string }) =>
  queryOptions({
    queryKey: ["brand", query],
    queryFn: ({ signal }) => ask(client.GET("/v1/brand", { params: { query }, signal })),
  });

export const trackingLinks = (id: string) =>
  queryOptions({
    queryKey: ["tracking-links", id],
    queryFn: ({ signal }) =>
      ask(client.GET("/v1/orders/{id}/tracking-links", { params: { path: { id } }, signal })),
  });

/** Whether the server can do its work; asked again while the page is open. */
export const readiness = () =>
  queryOptions({
    queryKey: ["ready"],
    queryFn: ({ signal }) => ask(client.GET("/health/ready", { signal })),
    refetchInterval: 30_000,
  });

export const usage = (query: { of?: string; from?: string; to?: string }) =>
  queryOptions({
    queryKey: ["usage", query],
    queryFn: ({ signal }) => ask(client.GET("/v1/usage", { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });
