import { hostPlatform, runBuild } from "@cloudsmith/builder";
import type { BlobStore } from "@cloudsmith/blobs";
import type { Runner } from "../runner.ts";

/** Bounds of a build where project settings give none. */
const defaults = { seconds: 20 * 60, memoryMb: 4096, diskMb: 8192, outputBytes: 64 * 1024 * 1024 };

/** Builds in a working folder of this machine, with its caches. */
export function localRunner(options: { blobs: BlobStore; workDir: string; cacheDir: string }): Runner {
  return {
    name: "local",
    platform: hostPlatform(),
    run: (input) =>
      runBuild({
        teamId: input.build.teamId,
        source: input.source,
        plan: input.plan,
        env: input.env,
        secrets: input.secrets,
        blobs: options.blobs,
        workDir: options.workDir,
        cacheDir: options.cacheDir,
        cacheKey: input.build.projectId,
        limits: {
          ...defaults,
          seconds: input.limits.seconds ?? defaults.seconds,
          memoryMb: input.limits.memoryMb ?? defaults.memoryMb,
        },
        signal: input.signal,
        log: input.log,
      }),
  };
}
