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
  const projects = await store.list("projectsOfTeam", { teamId }, { limit: 1000 });
  for (const { value: project } of projects.items) {
    for (let cursor: string | undefined; ;) {
      const page = await store.list(
        "sourcesOfProject",
        { teamId, projectId: project.id },
        { limit: 1000, ...(cursor !== undefined && { cursor }) },
      );
      for (const { value } of page.items) used.add(value.digest);
      if (page.cursor === undefined) break;
      cursor = page.cursor;
    }
    for (let cursor: string | undefined; ;) {
      const page = await store.list(
        "buildsOfProject",
        { teamId, projectId: project.id },
        { limit: 1000, ...(cursor !== undefined && { cursor }) },
      );
      for (const { value } of page.items) if (value.artifact !== null) used.add(value.artifact);
      if (page.cursor === undefined) break;
      cursor = page.cursor;
    }
  }
  return used;
}

async function sweep(blobs: BlobStore, scope: BlobScope, used: ReadonlySet<Digest>, before: number): Promise<number> {
  let freed = 0;
  for (let cursor: string | undefined; ;) {
    const page = await blobs.list(scope, { limit: 500, ...(cursor !== undefined && { cursor }) });
    for (const { digest, size, modifiedAt } of page.items) {
      if (used.has(digest) || Date.parse(modifiedAt) > before) continue;
      await blobs.delete(scope, digest);
      freed += size;
    }
    if (page.cursor === undefined) return freed;
    cursor = page.cursor;
  }
}

async function sizeOf(dir: string): Promise<number> {
  const names = await readdir(dir, { recursive: true }).catch(() => []);
  let total = 0;
  for (const name of names) total += (await stat(join(dir, name)).catch(() => undefined))?.size ?? 0;
  return total;
}
