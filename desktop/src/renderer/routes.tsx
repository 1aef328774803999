import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { deploymentSearch } from "./pages/deployment/deployment-search.ts";
import { NotFound, PageError, PageSkeleton } from "./parts/page-states.tsx";
import { Root } from "./shell/root.tsx";

const root = createRootRoute({ component: Root, notFoundComponent: NotFound });

/** Every page: its address and its lazy file. A page reads its search with `useSearch` and a schema of its own. */
const pages = [
  createRoute({
    getParentRoute: () => root,
    path: "/",
    component: lazyRouteComponent(() => import("./pages/dashboard/dashboard-page.tsx"), "DashboardPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/activity",
    component: lazyRouteComponent(() => import("./pages/activity/activity-page.tsx"), "ActivityPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/deployments/$deployment",
    validateSearch: deploymentSearch,
    component: lazyRouteComponent(() => import("./pages/deployment/deployment-page.tsx"), "DeploymentPage"),
  }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren(pages),
  defaultPreload: "intent",
  defaultPendingMs: 200,
  defaultPendingComponent: PageSkeleton,
  defaultErrorComponent: PageError,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
