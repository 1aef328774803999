import type { ProjectView } from "@cloudsmith/contracts/api";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../../api/client.ts";

/** A change of a project whose answer is the project: shown at once where it is asked for by the same name. */
export function useChangeProject<I>(change: (input: I) => Promise<ProjectView>, onDone: (view: ProjectView) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (view) => {
      queries.setQueryData(api.projects.get.queryKey({ input: { project: view.project.name } }), view);
      void queries.invalidateQueries({ queryKey: api.projects.key() });
      onDone(view);
    },
  });
}
