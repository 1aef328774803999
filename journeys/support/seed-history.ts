import { localTeam } from "@cloudsmith/authspire";
import type { Paths } from "@cloudsmith/agent/src/paths.ts";
import { newId, type Activity, type Deployment } from "@cloudsmith/contracts";
import { openSqliteStore } from "@cloudsmith/store";
import { seedProject } from "./seed-projects.ts";

/** Items of one commit at most. */
const together = 100;
const { teamId } = localTeam;
const actor = { type: "user" as const, id: "user_seeded", name: "Ann" };

/** Puts one project with a long history into a data folder whose agent does not run: settled deployments, and who asked for each. Every hundredth failed. */
export async function seedHistory(paths: Paths, name: string, count: number): Promise<void> {
  const store = openSqliteStore({ file: paths.database });
  const { project, environment } = await seedProject(store, name, count);
  const place = { projectId: project.id, environmentId: environment.id };
  for (let first = 1; first <= count; first += together / 2) {
    const size = Math.min(together / 2, count - first + 1);
    const deployments = Array.from({ length: size }, (_, index) => deploymentOf(first + index, place));
    await store.commit({
      puts: deployments.flatMap((deployment) => [
        { entity: "deployment" as const, value: deployment, if: "absent" as const },
        { entity: "activity" as const, value: activityOf(deployment, name), if: "absent" as const },
      ]),
    });
  }
  await store.close();
}

function at(sequence: number, seconds = 0): string {
  return new Date(Date.UTC(2026, 0, 1) + (sequence * 60 + seconds) * 1000).toISOString();
}

function deploymentOf(sequence: number, place: Pick<Deployment, "projectId" | "environmentId">): Deployment {
  const failed = sequence % 100 === 0;
  const failure = { code: "build-failed", message: `The build of ${sequence} failed`, stage: "building" } as const;
  return {
    id: newId("deployment"),
    teamId,
    ...place,
    sequence,
    state: failed ? "failed" : "live",
    trigger: "push",
    requestedBy: actor,
    source: { type: "git", url: "https://example.invalid/acme/shop.git", ref: null, dir: "" },
    flags: {},
    snapshotId: newId("snapshot"),
    sourceId: null,
    commit: { sha: String(sequence).padStart(40, "0"), message: `Change ${sequence}`, author: "Ann", at: null },
    plan: null,
    buildId: null,
    buildReused: false,
    artifact: null,
    releaseId: null,
    reuses: null,
    stageTimes: [{ stage: "queued", startedAt: at(sequence), finishedAt: at(sequence, 12) }],
    failure: failed ? failure : null,
    warnings: [],
    cancelRequested: false,
    supersededBy: null,
    timeline: 0,
    traceparent: `00-${String(sequence).padStart(32, "0")}-0000000000000001-01`,
    requestKey: null,
    createdAt: at(sequence),
    settledAt: at(sequence, 12),
  };
}

function activityOf({ id, projectId, createdAt, sequence }: Deployment, name: string): Activity {
  return {
    id: newId("activity"),
    teamId,
    at: createdAt,
    actor,
    action: "deployments.create",
    projectId,
    subject: id,
    detail: `${name} #${sequence}`,
  };
}
