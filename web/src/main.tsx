import "./styles.css";

import { MutationCache, QueryCache, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { ApiError } from "./api/client";
import { Queries } from "./api/queries";
import { ownerOf, session } from "./api/session";
import { AccountProvider } from "./components/Account";
import { spoken } from "./messages/i18n";
import { report } from "./reporting";
import { router } from "./router";
import { theme, wear } from "./theme";

const RETRIES = 4;
const LONGEST_PAUSE_MS = 15_000;

const onError = (error: unknown) => void report(error);
const queries = new Queries({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      // A line that is down, and a limit, end by themselves; what goes wrong on our side may not.
      retry: (failures, error) =>
        error instanceof ApiError && error.passing && (error.status < 500 || failures < RETRIES),
      retryDelay: (failures, error) =>
        error instanceof ApiError && error.retryAfterS
          ? error.retryAfterS * 1000
          : Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** failures),
      staleTime: 5_000,
    },
  },
});
// The next person at this browser sees nothing of the last.
let owner = ownerOf(session.get());
session.subscribe(() => {
  const next = ownerOf(session.get());
  if (!next) queries.clear();
  else if (owner && owner !== next) window.location.reload();
  owner = next;
});

wear(theme());
if ("serviceWorker" in navigator && import.meta.env.PROD) void navigator.serviceWorker.register("/sw.js");
window.addEventListener("error", ({ error }) => onError(error));
window.addEventListener("unhandledrejection", ({ reason }) => onError(reason));
const onCaughtError = (error: unknown) => {
  console.error(error);
  onError(error);
};
const root = document.getElementById("root");
if (root) {
  const drawn = createRoot(root, { onCaughtError });
  void spoken.then(() =>
    drawn.render(
      <StrictMode>
        <QueryClientProvider client={queries}>
          <AccountProvider>
            <RouterProvider router={router} />
          </AccountProvider>
        </QueryClientProvider>
      </StrictMode>,
    ),
  );
}
