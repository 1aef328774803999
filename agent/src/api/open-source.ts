import { takeSource, unpackSource, type TakenSource } from "@cloudsmith/builder";
import { CloudSmithError, type Project, type SourceRef } from "@cloudsmith/contracts";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { AgentServices } from "../services.ts";

export interface OpenSource {
  readonly source: SourceRef;
  readonly teamId: string;
  readonly gitToken?: string | undefined;
  readonly signal: AbortSignal | undefined;
}

const planMinutes = 10;

/** Takes a source and unpacks it into a folder for as long as `use` runs. */
export async function withSource<T>(
  services: AgentServices,
  { source, teamId, gitToken, signal }: OpenSource,
  use: (opened: { readonly root: string; readonly taken: TakenSource }) => Promise<T>,
): Promise<T> {
  const work = await mkdtemp(join(services.planDir, "plan-"));
  try {
    const stop = AbortSignal.any([
      AbortSignal.timeout(planMinutes * 60_000),
      ...(signal === undefined ? [] : [signal]),
    ]);
    const taken = await takeSource(source, {
      teamId,
      blobs: services.blobs,
      workDir: work,
      cacheDir: services.cacheDir,
      signal: stop,
      log: () => undefined,
      ...(gitToken !== undefined && { gitToken }),
    });
    const root = join(work, "source");
    await unpackSource(taken.digest, { teamId, blobs: services.blobs, to: root, signal: stop });
    return await use({ root, taken });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The access token of a project's repository; undefined where the person's own Git credentials count. */
export async function gitTokenOf(services: AgentServices, project: Project | undefined): Promise<string | undefined> {
  const credential = project?.credential ?? null;
  if (project === undefined || credential === null) return undefined;
  const token = (await services.secrets.get({ teamId: project.teamId }, [credential])).get(credential);
  if (token !== undefined) return token;
  throw new CloudSmithError("git-auth", `The access token of ${project.name} is gone`, {
    fix: "Set it again in the project's settings, or with `cloudsmith deploy --git-token-env`",
  });
}
