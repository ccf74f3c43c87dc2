import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  lazyRouteComponent,
  Link,
} from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { Page, Trouble } from "./components/parts";
import { Shell } from "./components/Shell";
import { Home } from "./screens/Home";

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: Crashed });
const under = <Path extends string>(path: Path) => ({ getParentRoute: () => root, path });

const routes = [
  createRoute({
    ...under("/songs/$trackId/tune"),
    component: lazyRouteComponent(() => import("./screens/Tune"), "Tune"),
  }),
  createRoute({ ...under("/"), component: Home }),
  createRoute({ ...under("/hum"), component: lazyRouteComponent(() => import("./screens/Hum"), "Hum") }),
  createRoute({
    ...under("/songs/$trackId"),
    component: lazyRouteComponent(() => import("./screens/Songs"), "Songs"),
  }),
  createRoute({
    ...under("/match"),
    validateSearch: ({ preset, name }: Record<string, unknown>): { preset?: string; name?: string } => ({
      ...(typeof preset === "string" ? { preset } : {}),
      ...(typeof name === "string" ? { name } : {}),
    }),
    component: lazyRouteComponent(() => import("./screens/NewMatch"), "NewMatch"),
  }),
  createRoute({
    ...under("/matches/$matchId"),
    component: lazyRouteComponent(() => import("./screens/Match"), "Match"),
  }),
  createRoute({
    ...under("/presets"),
    component: lazyRouteComponent(() => import("./screens/Presets"), "Presets"),
  }),
  createRoute({
    ...under("/film"),
    component: lazyRouteComponent(() => import("./screens/NewFilm"), "NewFilm"),
  }),
  createRoute({
    ...under("/stories/$projectId"),
    component: lazyRouteComponent(() => import("./screens/Story"), "Story"),
  }),
  createRoute({ ...under("/jobs"), component: lazyRouteComponent(() => import("./screens/Jobs"), "Jobs") }),
  createRoute({
    ...under("/library"),
    component: lazyRouteComponent(() => import("./screens/Library"), "Library"),
  }),
  createRoute({
    ...under("/settings"),
    component: lazyRouteComponent(() => import("./screens/Settings"), "Settings"),
  }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren(routes),
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

function NotFound() {
  const { t } = useTranslation();
  return (
    <Page title={t("states.nowhere")} text={t("states.nowhereText")}>
      <div className="actions">
        <Link to="/" className="button">
          {t("app.home")}
        </Link>
      </div>
    </Page>
  );
}

function Crashed({ error, reset }: ErrorComponentProps) {
  return (
    <Page title="Soundstage">
      <Trouble error={error} onRetry={reset} />
    </Page>
  );
}
