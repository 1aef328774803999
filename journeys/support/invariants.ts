import { isSettled, type Deployment } from "@cloudsmith/contracts";
import { waitFor } from "@cloudsmith/testkit";
import { expect } from "vitest";
import type { Follower } from "./follow.ts";
import type { Installation } from "./installation.ts";

/** A deployment's timeline has every number once, each state once and in order, and the stream told exactly that. */
export async function expectWholeTimeline(installation: Installation, follower: Follower): Promise<void> {
  const { id } = follower.last;
  const stored = await installation.client.deployments.timeline({ deployment: id });
  const deployment = await installation.client.deployments.get({ deployment: id });
  expect(stored.map((entry) => entry.number)).toEqual(
    Array.from({ length: deployment.timeline }, (_, index) => index + 1),
  );
  expect(follower.entries, "what the live stream told").toEqual(stored);
  const states = stored.map((entry) => entry.state).filter((state, index, all) => state !== all[index - 1]);
  expect(new Set(states).size, `each state once: ${states.join(" ")}`).toBe(states.length);
  expect(stored.filter((entry) => isSettled(entry.state)).length, "it settles once").toBe(1);
}

/** Nothing is on its way, every event was handled, and what runs is what should: no orphan process, no leftover folder. */
export async function expectNothingLeft(installation: Installation, liveReleases: readonly string[]): Promise<void> {
  await waitFor("every event to be handled", async () =>
    (await installation.client.events.status()).every((group) => group.lag === 0),
  );
  expect((await installation.client.events.status()).filter((group) => group.deadLetters > 0)).toEqual([]);
  const agent = await installation.agentPid();
  const stray = () =>
    installation
      .processes()
      .filter(({ pid, release }) =>
        release === undefined
          ? pid !== agent && pid !== installation.keeperPid() && !isGuardOf(installation, pid)
          : !liveReleases.includes(release),
      );
  await waitFor("only what should run to run", () => stray().length === 0, { timeoutMs: 20_000, everyMs: 50 }).catch(
    () => undefined,
  );
  expect(stray(), "orphan processes").toEqual([]);
  await waitFor("the work folder to be empty", () => installation.leftovers().length === 0, { everyMs: 50 }).catch(
    () => undefined,
  );
  expect(installation.leftovers(), "leftover files").toEqual([]);
}

/** The test's own guard carries the agent's arguments. */
function isGuardOf(installation: Installation, pid: number): boolean {
  return installation.processes().some((found) => found.pid === pid && found.argv.includes("guard-process.ts"));
}

/** The environment points to this deployment, and the app answers as its version. */
export async function expectLive(installation: Installation, project: string, deployment: Deployment): Promise<void> {
  const { environment } = await installation.environment(project);
  expect(environment.live).toEqual({
    deploymentId: deployment.id,
    releaseId: deployment.releaseId,
    sequence: deployment.sequence,
  });
}
