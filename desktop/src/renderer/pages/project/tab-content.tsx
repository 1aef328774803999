import type { EnvironmentView, ProjectView } from "@cloudsmith/contracts/api";
import { lazy, Suspense, type ComponentType } from "react";
import { RowsSkeleton } from "../../parts/page-states.tsx";
import { OverviewTab } from "./overview-tab.tsx";
import type { Tab } from "./project-search.ts";

export interface TabProps {
  readonly view: ProjectView;
  /** The one that is chosen. */
  readonly environment: EnvironmentView;
}

/** The tabs; all but the first are loaded when they are opened. */
const contents: Readonly<Record<Tab, ComponentType<TabProps>>> = {
  overview: OverviewTab,
  deployments: lazy(async () => ({ default: (await import("./deployments-tab.tsx")).DeploymentsTab })),
  variables: lazy(async () => ({ default: (await import("./variables-tab.tsx")).VariablesTab })),
  logs: lazy(async () => ({ default: (await import("./logs-tab.tsx")).LogsTab })),
  metrics: lazy(async () => ({ default: (await import("./metrics-tab.tsx")).MetricsTab })),
  settings: lazy(async () => ({ default: (await import("./settings-tab.tsx")).SettingsTab })),
};

export function TabContent({ tab, ...props }: TabProps & { readonly tab: Tab }) {
  const Content = contents[tab];
  return (
    <Suspense fallback={<RowsSkeleton />}>
      {/* Another environment is another content: what is edited for one says nothing of the other. */}
      <Content key={tab === "overview" || tab === "settings" ? tab : props.environment.environment.id} {...props} />
    </Suspense>
  );
}
