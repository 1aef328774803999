import { takeSource, unpackSource, type TakenSource } from "@cloudsmith/builder";
import type { SourceRef } from "@cloudsmith/contracts";
import { gitAccess } from "@cloudsmith/github";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { AgentServices } from "../services.ts";

export interface OpenSource {
  readonly source: SourceRef;
  readonly teamId: string;
  /** The account that it is read with; null: the person's own Git credentials. */
  readonly credential: string | null;
  /** Where the project of the credential comes from: a token that was given for it goes nowhere else. */
  readonly own?: SourceRef | undefined;
  readonly signal: AbortSignal | undefined;
}

const planMinutes = 10;

/** Takes a source and unpacks it into a folder for as long as `use` runs. */
export async function withSource<T>(
  services: AgentServices,
  { signal, ...wanted }: OpenSource,
  use: (opened: { readonly root: string; readonly taken: TakenSource }) => Promise<T>,
): Promise<T> {
  const work = await mkdtemp(join(services.planDir, "plan-"));
  try {
    const stop = AbortSignal.any([
      AbortSignal.timeout(planMinutes * 60_000),
      ...(signal === undefined ? [] : [signal]),
    ]);
    const { teamId } = wanted;
    const { source, gitToken } = await gitAccess(services.github.access, { ...wanted, signal: stop });
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
