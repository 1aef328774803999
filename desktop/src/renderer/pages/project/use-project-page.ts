import type { EnvironmentView, ProjectView } from "@cloudsmith/contracts/api";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ProjectSearch, Tab } from "./project-search.ts";

/** The environment that is meant: the named one, else production, else the first. */
export function chosenEnvironment(
  environments: readonly EnvironmentView[],
  name: string | undefined,
): EnvironmentView | undefined {
  return (
    environments.find(({ environment }) => environment.name === name) ??
    environments.find(({ environment }) => environment.name === "production") ??
    environments[0]
  );
}

/** Production first, the others by name. */
export function inOrder(environments: readonly EnvironmentView[]): readonly EnvironmentView[] {
  const rank = ({ environment }: EnvironmentView): string =>
    environment.name === "production" ? "" : environment.name;
  return environments.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

export function useProjectSearch(): ProjectSearch {
  return useSearch({ strict: false });
}

/** Changes what the address says; the tab stays unless another is named. */
export function useProjectNavigate(view: ProjectView): (change: Partial<ProjectSearch>, tab?: Tab) => void {
  const navigate = useNavigate();
  const search = useProjectSearch();
  return (change, tab) => {
    const next: ProjectSearch = Object.fromEntries(
      Object.entries({ ...search, ...change }).filter(([, value]) => value !== undefined),
    );
    const project = view.project.name;
    if (tab === undefined) void navigate({ to: ".", search: next, replace: true });
    else if (tab === "overview") void navigate({ to: "/projects/$project", params: { project }, search: next });
    else void navigate({ to: "/projects/$project/$tab", params: { project, tab }, search: next });
  };
}
