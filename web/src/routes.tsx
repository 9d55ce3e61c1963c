// The map of the app: every address, and the page behind it. What is not here does not exist.
//
// The pages of a day (home, orders, an order, exceptions) come with the first script, so that nobody waits for
// their code; the others are fetched when somebody points at a link to them.
import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from "@tanstack/react-router";
import {
  exceptions as exceptionsQuery,
  order as orderQuery,
  orders as ordersQuery,
} from "./api/queries";
import { auditSearch } from "./pages/admin/audit";
import { usageSearch } from "./pages/admin/usage";
import { type Ahead, listAhead, oneAhead } from "./pages/ahead";
import { ExceptionsPage } from "./pages/exceptions/ExceptionsPage";
import { filterOf as exceptionsFilter, exceptionsSearch } from "./pages/exceptions/search";
import { Frame } from "./pages/Frame";
import { handoffsSearch } from "./pages/handoffs/search";
import { HomePage, homeSearch } from "./pages/home/HomePage";
import { intakeSearch } from "./pages/intake/search";
import { NothingHere } from "./pages/NothingHere";
import { OrderPage } from "./pages/order/OrderPage";
import { orderSearch } from "./pages/order/search";
import { OrdersPage } from "./pages/orders/OrdersPage";
import { filterOf as ordersFilter, ordersSearch } from "./pages/orders/search";
import { packSearch } from "./pages/packs/search";
import { scorecardsSearch } from "./pages/partners/span";

const root = createRootRouteWithContext<Ahead>()({
  component: Frame,
  notFoundComponent: NothingHere,
});
const parent = { getParentRoute: () => root };

const home = createRoute({ ...parent, path: "/", validateSearch: homeSearch, component: HomePage });

const orders = createRoute({
  ...parent,
  path: "/orders",
  validateSearch: ordersSearch,
  // The board asks for each partner's orders by itself.
  loaderDeps: ({ search }) => ({ rows: search.view === "board" ? null : ordersFilter(search) }),
  loader: (going) => {
    if (going.deps.rows) listAhead(going, "list_orders", ordersQuery(going.deps.rows));
  },
  component: OrdersPage,
});

const order = createRoute({
  ...parent,
  path: "/orders/$id",
  validateSearch: orderSearch,
  loaderDeps: ({ search: { as_of } }) => ({ as_of }),
  loader: (going) => oneAhead(going, "show_order", orderQuery(going.params.id, going.deps.as_of)),
  component: OrderPage,
});

const exceptions = createRoute({
  ...parent,
  path: "/exceptions",
  validateSearch: exceptionsSearch,
  loaderDeps: ({ search }) => exceptionsFilter(search),
  loader: (going) => listAhead(going, "list_exceptions", exceptionsQuery(going.deps)),
  component: ExceptionsPage,
});

const messages = createRoute({
  ...parent,
  path: "/intake",
  validateSearch: intakeSearch,
  component: lazyRouteComponent(() => import("./pages/intake/MessagesPage"), "MessagesPage"),
});

const message = createRoute({
  ...parent,
  path: "/intake/messages/$id",
  component: lazyRouteComponent(() => import("./pages/intake/MessagePage"), "MessagePage"),
});

const quarantine = createRoute({
  ...parent,
  path: "/intake/quarantine",
  validateSearch: intakeSearch,
  component: lazyRouteComponent(() => import("./pages/intake/QuarantinePage"), "QuarantinePage"),
});

const quarantineItem = createRoute({
  ...parent,
  path: "/intake/quarantine/$id",
  component: lazyRouteComponent(
    () => import("./pages/intake/QuarantineItemPage"),
    "QuarantineItemPage",
  ),
});

const unmatched = createRoute({
  ...parent,
  path: "/intake/unmatched",
  component: lazyRouteComponent(() => import("./pages/intake/UnmatchedPage"), "UnmatchedPage"),
});

const unmatchedItem = createRoute({
  ...parent,
  path: "/intake/unmatched/$id",
  component: lazyRouteComponent(
    () => import("./pages/intake/UnmatchedItemPage"),
    "UnmatchedItemPage",
  ),
});

const send = createRoute({
  ...parent,
  path: "/intake/send",
  component: lazyRouteComponent(() => import("./pages/intake/SendPage"), "SendPage"),
});

const handoffs = createRoute({
  ...parent,
  path: "/handoffs",
  validateSearch: handoffsSearch,
  component: lazyRouteComponent(() => import("./pages/handoffs/HandoffsPage"), "HandoffsPage"),
});

const feed = createRoute({
  ...parent,
  path: "/partners/feeds/$source",
  component: lazyRouteComponent(() => import("./pages/partners/FeedPage"), "FeedPage"),
});

const partners = createRoute({
  ...parent,
  path: "/partners",
  component: lazyRouteComponent(() => import("./pages/partners/PartnersPage"), "PartnersPage"),
});

const scorecards = createRoute({
  ...parent,
  path: "/partners/scorecards",
  validateSearch: scorecardsSearch,
  component: lazyRouteComponent(() => import("./pages/partners/ScorecardsPage"), "ScorecardsPage"),
});

const partner = createRoute({
  ...parent,
  path: "/partners/$partner",
  component: lazyRouteComponent(() => import("./pages/partners/PartnerPage"), "PartnerPage"),
});

const packs = createRoute({
  ...parent,
  path: "/packs",
  validateSearch: (given: Record<string, unknown>): { request?: string } =>
    given.request === undefined ? {} : { request: String(given.request) },
  component: lazyRouteComponent(() => import("./pages/packs/PacksPage"), "PacksPage"),
});

const pack = createRoute({
  ...parent,
  path: "/packs/$pack",
  validateSearch: packSearch,
  component: lazyRouteComponent(() => import("./pages/packs/PackPage"), "PackPage"),
});

const admin = createRoute({
  ...parent,
  path: "/admin",
  component: lazyRouteComponent(() => import("./pages/admin/SystemPage"), "SystemPage"),
});

const tenants = createRoute({
  ...parent,
  path: "/admin/tenants",
  component: lazyRouteComponent(() => import("./pages/admin/TenantsPage"), "TenantsPage"),
});

const brand = createRoute({
  ...parent,
  path: "/admin/brand",
  component: lazyRouteComponent(() => import("./pages/admin/BrandPage"), "BrandPage"),
});

const deliveries = createRoute({
  ...parent,
  path: "/admin/deliveries",
  component: lazyRouteComponent(() => import("./pages/admin/DeliveriesPage"), "DeliveriesPage"),
});

const audit = createRoute({
  ...parent,
  path: "/admin/audit",
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import("./pages/admin/AuditPage"), "AuditPage"),
});

const usage = createRoute({
  ...parent,
  path: "/admin/usage",
  validateSearch: usageSearch,
  component: lazyRouteComponent(() => import("./pages/admin/UsagePage"), "UsagePage"),
});

const users = createRoute({
  ...parent,
  path: "/admin/users",
  component: lazyRouteComponent(() => import("./pages/admin/UsersPage"), "UsersPage"),
});

const keys = createRoute({
  ...parent,
  path: "/admin/keys",
  component: lazyRouteComponent(() => import("./pages/admin/KeysPage"), "KeysPage"),
});

const account = createRoute({
  ...parent,
  path: "/account",
  component: lazyRouteComponent(() => import("./pages/account/AccountPage"), "AccountPage"),
});

const invitation = createRoute({
  ...parent,
  path: "/invitation",
  component: lazyRouteComponent(() => import("./pages/session/InvitationPage"), "InvitationPage"),
});

const forgotten = createRoute({
  ...parent,
  path: "/forgotten",
  component: lazyRouteComponent(() => import("./pages/session/ForgottenPage"), "ForgottenPage"),
});

const routeTree = root.addChildren([
  home,
  orders,
  order,
  exceptions,
  messages,
  message,
  quarantine,
  quarantineItem,
  unmatched,
  unmatchedItem,
  send,
  handoffs,
  partners,
  feed,
  scorecards,
  partner,
  packs,
  pack,
  admin,
  users,
  keys,
  account,
  invitation,
  forgotten,
  tenants,
  brand,
  deliveries,
  audit,
  usage,
]);

/** A pointer that only passes over a link is not one that stays. */
const POINTED_MS = 20;

export function routing(queries: QueryClient) {
  return createRouter({
    routeTree,
    context: { queries },
    defaultPreload: "intent",
    defaultPreloadDelay: POINTED_MS,
    // What is known, and for how long, is the query cache's.
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
  });
}

type Routing = ReturnType<typeof routing>;

declare module "@tanstack/react-router" {
  interface Register {
    router: Routing;
  }
}
