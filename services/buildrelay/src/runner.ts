import type { Build, BuildPlan, Failure, ArtifactManifest, Platform } from "@cloudsmith/contracts";
import type { LogLine } from "@cloudsmith/logs";

export interface RunnerInput {
  readonly build: Pick<Build, "id" | "teamId" | "projectId">;
  /** Digest of the source in the blob store. */
  readonly source: string;
  readonly plan: BuildPlan;
  /** Build variables and build-time secrets. */
  readonly env: Readonly<Record<string, string>>;
  /** Values that must not stand in anything that is written. */
  readonly secrets: readonly string[];
  readonly limits: { readonly seconds: number | null; readonly memoryMb: number | null };
  readonly log: (line: LogLine) => void;
  readonly signal: AbortSignal;
}

export type RunnerResult =
  | { readonly ok: true; readonly manifest: ArtifactManifest }
  | { readonly ok: false; readonly failure: Failure };

/** Executes builds somewhere: on this machine, on Jenkins, on GitHub Actions. A failed build is a result; what it throws is the runner's own trouble and is tried again. */
export interface Runner {
  readonly name: string;
  readonly platform: Platform;
  run(input: RunnerInput): Promise<RunnerResult>;
}
