// The map of the app: every address, and the page behind it. What is not here does not exist.
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from "@tanstack/react-router";
import { auditSearch } from "./pages/admin/audit";
import { usageSearch } from "./pages/admin/usage";
import { exceptionsSearch } from "./pages/exceptions/search";
import { Frame } from "./pages/Frame";
import { handoffsSearch } from "./pages/handoffs/search";
import { HomePage } from "./pages/home/HomePage";
import { intakeSearch } from "./pages/intake/search";
import { NothingHere } from "./pages/NothingHere";
import { orderSearch } from "./pages/order/search";
import { OrdersPage } from "./pages/orders/OrdersPage";
import { ordersSearch } from "./pages/orders/search";
import { packSearch } from "./pages/packs/search";
import { scorecardsSearch } from "./pages/partners/span";

const root = createRootRoute({ component: Frame, notFoundComponent: NothingHere });
const parent = { getParentRoute: () => root };

const home = createRoute({ ...parent, path: "/", component: HomePage });

const orders = createRoute({
  ...parent,
  path: "/orders",
  validateSearch: ordersSearch,
  component: OrdersPage,
});

const order = createRoute({
  ...parent,
  path: "/orders/$id",
  validateSearch: orderSearch,
  component: lazyRouteComponent(() => import("./pages/order/OrderPage"), "OrderPage"),
});

const exceptions = createRoute({
  ...parent,
  path: "/exceptions",
  validateSearch: exceptionsSearch,
  component: lazyRouteComponent(
    () => import("./pages/exceptions/ExceptionsPage"),
    "ExceptionsPage",
  ),
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

export const router = createRouter({
  routeTree: root.addChildren([
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
  ]),
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
