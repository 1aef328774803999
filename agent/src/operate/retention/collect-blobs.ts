import { graceMs } from "./choose.ts";
import type { UsedBlobs } from "./collect-project.ts";
import { pause, type Collection } from "./collection.ts";
import { allOf } from "./pages.ts";

/** Deletes the sources and artifacts that nothing names and that nobody put or asked for within the hour. Gives the bytes that came free. */
export async function collectBlobs(collection: Collection, teamId: string, used: UsedBlobs): Promise<number> {
  const unlessSince = new Date(collection.now.getTime() - graceMs);
  let freed = 0;
  for (const [kind, kept] of [
    ["source", used.sources],
    ["artifact", used.artifacts],
  ] as const) {
    const scope = { teamId, kind };
    for await (const { digest, size } of allOf((page) => collection.blobs.list(scope, page))) {
      if (kept.has(digest)) continue;
      if (await collection.blobs.delete(scope, digest, { unlessSince })) freed += size;
      await pause(collection);
    }
  }
  return freed;
}
