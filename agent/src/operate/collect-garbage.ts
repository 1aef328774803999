import type { BlobScope, BlobStore } from "@cloudsmith/blobs";
import { trimCaches } from "@cloudsmith/builder";
import type { Digest } from "@cloudsmith/contracts";
import type { SystemStore } from "@cloudsmith/store";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Paths } from "../paths.ts";

/** Blobs younger than this may belong to work that has not written its record yet, in milliseconds. */
const graceMs = 3600_000;

/** Empties the caches and deletes sources and artifacts that no project names any more. Gives the bytes that came free. */
export async function collectGarbage(inputs: {
  paths: Paths;
  store: SystemStore;
  blobs: BlobStore;
  teamId: string;
  now: () => Date;
}): Promise<{ freedBytes: number }> {
  const { paths, store, blobs, teamId } = inputs;
  const used = await usedDigests(store, teamId);
  const before = await sizeOf(paths.cache);
  await trimCaches(paths.cache, 0);
  let freedBytes = before - (await sizeOf(paths.cache));
  for (const kind of ["source", "artifact"] as const)
    freedBytes += await sweep(blobs, { teamId, kind }, used, inputs.now().getTime() - graceMs);
  return { freedBytes: Math.max(0, freedBytes) };
}

async function usedDigests(store: SystemStore, teamId: string): Promise<Set<Digest>> {
  const used = new Set<Digest>();
  for await (const { value: project } of all((page) => store.list("projectsOfTeam", { teamId }, page))) {
    const ofProject = { teamId, projectId: project.id };
    for await (const { value } of all((page) => store.list("sourcesOfProject", ofProject, page)))
      used.add(value.digest);
    for await (const { value } of all((page) => store.list("buildsOfProject", ofProject, page)))
      if (value.artifact !== null) used.add(value.artifact);
  }
  return used;
}

async function* all<T>(
  read: (page: {
    limit: number;
    cursor?: string;
  }) => Promise<{ readonly items: readonly T[]; readonly cursor?: string }>,
): AsyncGenerator<T> {
  for (let cursor: string | undefined; ;) {
    const page = await read({ limit: 1000, ...(cursor !== undefined && { cursor }) });
    yield* page.items;
    if (page.cursor === undefined) return;
    cursor = page.cursor;
  }
}

async function sweep(blobs: BlobStore, scope: BlobScope, used: ReadonlySet<Digest>, before: number): Promise<number> {
  let freed = 0;
  for await (const { digest, size, modifiedAt } of all((page) => blobs.list(scope, page))) {
    if (used.has(digest) || Date.parse(modifiedAt) > before) continue;
    await blobs.delete(scope, digest);
    freed += size;
  }
  return freed;
}

async function sizeOf(dir: string): Promise<number> {
  const names = await readdir(dir, { recursive: true }).catch(() => []);
  let total = 0;
  for (const name of names) total += (await stat(join(dir, name)).catch(() => undefined))?.size ?? 0;
  return total;
}
