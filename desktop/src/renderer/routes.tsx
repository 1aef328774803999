import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent as lazy,
  Navigate,
  retainSearchParams,
} from "@tanstack/react-router";
import { DashboardPage } from "./pages/dashboard/dashboard-page.tsx";
import { deploymentSearch } from "./pages/deployment/deployment-search.ts";
import { newSearch } from "./pages/new/new-search.ts";
import { projectSearch } from "./pages/project/project-search.ts";
import { reviewSearch } from "./pages/review/review-search.ts";
import { NotFound, PageError, PageSkeleton } from "./parts/page-states.tsx";
import { activitySearch, dashboardSearch } from "./searches.ts";
import { Root } from "./shell/root.tsx";

const root = createRootRoute({ component: Root, notFoundComponent: NotFound });
const parent = { getParentRoute: () => root } as const;

/** Every page: its address, what its address may ask for, and its file, which is lazy. */
const pages = [
  createRoute({
    ...parent,
    path: "/",
    validateSearch: dashboardSearch,
    // The first page that most people see: with the app itself, so that nothing is waited for twice.
    component: DashboardPage,
  }),
  createRoute({
    ...parent,
    path: "/welcome",
    component: lazy(() => import("./pages/welcome/welcome-page.tsx"), "WelcomePage"),
  }),
  createRoute({
    ...parent,
    path: "/activity",
    validateSearch: activitySearch,
    component: lazy(() => import("./pages/activity/activity-page.tsx"), "ActivityPage"),
  }),
  createRoute({
    ...parent,
    path: "/settings",
    component: () => <Navigate to="/settings/appearance" replace />,
  }),
  createRoute({
    ...parent,
    path: "/settings/appearance",
    component: lazy(() => import("./pages/settings/appearance-page.tsx"), "AppearancePage"),
  }),
  createRoute({
    ...parent,
    path: "/settings/notifications",
    component: lazy(() => import("./pages/settings/notifications-page.tsx"), "NotificationsPage"),
  }),
  createRoute({
    ...parent,
    path: "/settings/desktop",
    component: lazy(() => import("./pages/settings/desktop-page.tsx"), "DesktopPage"),
  }),
  createRoute({
    ...parent,
    path: "/settings/accounts",
    component: lazy(() => import("./pages/settings/accounts-page.tsx"), "AccountsPage"),
  }),
  createRoute({
    ...parent,
    path: "/settings/sessions",
    component: lazy(() => import("./pages/settings/sessions-page.tsx"), "SessionsPage"),
  }),
  createRoute({
    ...parent,
    path: "/settings/diagnostics",
    component: lazy(() => import("./pages/settings/diagnostics-page.tsx"), "DiagnosticsPage"),
  }),
  createRoute({
    ...parent,
    path: "/about",
    component: lazy(() => import("./pages/about/about-page.tsx"), "AboutPage"),
  }),
  createRoute({
    ...parent,
    path: "/deployments/$deployment",
    validateSearch: deploymentSearch,
    // A window of its own stays one when it goes on to another deployment.
    search: { middlewares: [retainSearchParams(["window"])] },
    component: lazy(() => import("./pages/deployment/deployment-page.tsx"), "DeploymentPage"),
  }),
  createRoute({
    ...parent,
    path: "/new",
    validateSearch: newSearch,
    component: lazy(() => import("./pages/new/new-page.tsx"), "NewPage"),
  }),
  createRoute({
    ...parent,
    path: "/new/review",
    validateSearch: reviewSearch,
    component: lazy(() => import("./pages/review/review-page.tsx"), "ReviewPage"),
  }),
  createRoute({
    ...parent,
    path: "/projects/$project",
    validateSearch: projectSearch,
    component: lazy(() => import("./pages/project/project-page.tsx"), "ProjectPage"),
  }),
  createRoute({
    ...parent,
    path: "/projects/$project/$tab",
    validateSearch: projectSearch,
    component: lazy(() => import("./pages/project/project-page.tsx"), "ProjectPage"),
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
