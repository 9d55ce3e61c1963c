// Where the pages begin: styles, the query cache, and the router over the map in `routes.tsx`.
import { notifyManager, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Refused } from "./api/client";
import { routing } from "./routes";
import "./ui/tokens.css";
import "./ui/base.css";
import "./ui/parts.css";
import "./pages/order/order.css";
import { setTheme, theme } from "./ui/theme";

/** A refusal is an answer; only silence is worth asking again. */
const RETRIES_MAX = 2;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failed, error) =>
        error instanceof Refused && error.problem.status === 0 && failed < RETRIES_MAX,
    },
  },
});

// An answer is drawn when it is there, not a turn of the browser's queue later.
notifyManager.setScheduler(queueMicrotask);

const router = routing(queries);

setTheme(theme());
const root = document.getElementById("root");
if (root)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
