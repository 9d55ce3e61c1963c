// The map of the app: every address, and the page behind it. What is not here does not exist.
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from "@tanstack/react-router";
import { Frame } from "./pages/Frame";
import { orderSearch } from "./pages/order/search";
import { OrdersPage } from "./pages/orders/OrdersPage";
import { ordersSearch } from "./pages/orders/search";

const root = createRootRoute({ component: Frame });

const orders = createRoute({
  getParentRoute: () => root,
  path: "/orders",
  validateSearch: ordersSearch,
  component: OrdersPage,
});

const order = createRoute({
  getParentRoute: () => root,
  path: "/orders/$id",
  validateSearch: orderSearch,
  component: lazyRouteComponent(() => import("./pages/order/OrderPage"), "OrderPage"),
});

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: ordersSearch,
  component: OrdersPage,
});

export const router = createRouter({
  routeTree: root.addChildren([home, orders, order]),
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
