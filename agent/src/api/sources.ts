import { checkGitRef, listRefs, parseSource } from "@cloudsmith/builder";
import { CloudSmithError, type SourceRef } from "@cloudsmith/contracts";
import type { RecentSource } from "@cloudsmith/contracts/api";
import { gitAccess } from "@cloudsmith/github";
import type { Store } from "@cloudsmith/store";
import { os } from "./base.ts";
import { browseFolders } from "./browse-folders.ts";
import { findProject } from "./find.ts";
import { sourceKey } from "./project-of-source.ts";
import { reviewSource } from "./review-source.ts";

export const sources = {
  resolve: os.sources.resolve.handler(({ input, context: { services } }) =>
    parseSource(input.text, { cwd: services.homeFolder, dir: input.dir }),
  ),

  review: os.sources.review.handler(({ input, context: { services, caller }, signal }) => {
    if (input.source.type === "git") checkGitRef(input.source);
    return reviewSource(services, caller, input, signal);
  }),

  refs: os.sources.refs.handler(async ({ input, context: { services, caller }, signal }) => {
    const project =
      input.project === undefined ? undefined : (await findProject(services.store, caller.teamId, input.project)).value;
    const { gitToken } = await gitAccess(services.github.access, {
      teamId: caller.teamId,
      source: { type: "git", url: input.url, ref: null, dir: "" },
      credential: project?.credential ?? null,
      own: project?.source,
      signal,
    });
    const refs = await listRefs(input.url, {
      signal: signal ?? AbortSignal.timeout(60_000),
      ...(gitToken !== undefined && { gitToken }),
    });
    return { ...refs, branches: [...refs.branches], tags: [...refs.tags] };
  }),

  folders: os.sources.folders.handler(({ input, context: { services, isLoopback } }) => {
    if (!isLoopback)
      throw new CloudSmithError("forbidden", "Folders are listed on this computer only", {
        why: "The request came over the network",
        fix: "Open CloudSmith on the computer that holds the folder, or deploy from a Git repository",
      });
    return browseFolders(services.homeFolder, input.path);
  }),

  recent: os.sources.recent.handler(({ input, context: { services, caller } }) =>
    recentSources(services.store, caller.teamId, input.limit),
  ),
};

/** How many of the newest deployments are looked at for what was used of late. */
const lookedAt = 400;

async function recentSources(store: Store, teamId: string, limit: number): Promise<RecentSource[]> {
  const deployed = await store.list("deploymentsOfTeam", { teamId }, { limit: lookedAt, order: "descending" });
  const found = new Map<string, { projectId: string; source: SourceRef; at: string }>();
  for (const { value } of deployed.items) {
    const key = `${value.projectId} ${sourceKey(value.source)}`;
    if (!found.has(key)) found.set(key, { projectId: value.projectId, source: value.source, at: value.createdAt });
  }
  const recent: RecentSource[] = [];
  for (const each of found.values()) {
    if (recent.length === limit) break;
    const project = await store.get("project", { teamId, id: each.projectId });
    if (project?.value.state === "active") recent.push({ ...each, project: project.value.name });
  }
  return recent;
}
