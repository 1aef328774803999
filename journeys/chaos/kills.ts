import { availableParallelism, loadavg } from "node:os";
import type { Deployment } from "@cloudsmith/contracts";
import { waitFor } from "@cloudsmith/testkit";
import { expect } from "vitest";
import type { Follower } from "../support/follow.ts";
import type { GatedApp, Gate } from "../support/gated-app.ts";
import { GitServer } from "../support/git-server.ts";
import type { Installation } from "../support/installation.ts";
import { expectLive, expectNothingLeft, expectWholeTimeline } from "../support/invariants.ts";
import { get, Probe } from "../support/probe.ts";
import { killNow } from "../support/processes.ts";

export const stages = ["queued", "preparing", "building", "releasing", "verifying", "live"] as const;
export type KilledStage = (typeof stages)[number];
/** `work` is the process that the stage waits for: the build's or the release command's own; `app` the release's. */
export type Victim = "agent" | "keeper" | "both" | "work" | "app";

export interface Kill {
  readonly stage: KilledStage;
  readonly victim: Victim;
}

const gates: Partial<Record<KilledStage, Gate>> = { building: "build", releasing: "release", verifying: "start" };
/** How long live apps may be silent after a restart, in milliseconds; on a machine with more to run than it has cores, longer in proportion. */
const backWithinMs = (): number => 5000 * Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());

/** A deployment that has come to a stage and stays there until it is let go. */
interface Held {
  readonly app: GatedApp;
  readonly follower: Follower;
  /** Resolves when the stage's work has begun anew after a kill. */
  again(): Promise<void>;
  letGo(): void;
  close(): Promise<void>;
  /** Other projects that were deployed to bring it there. */
  readonly others: readonly Follower[];
}

/** Everything that one installation needs for a walk: an app that is live and asked all the time. */
export class Walk implements AsyncDisposable {
  readonly installation: Installation;
  readonly #steady: Deployment;
  readonly #probe: Probe;
  #count = 0;

  private constructor(installation: Installation, steady: Deployment, probe: Probe) {
    this.installation = installation;
    this.#steady = steady;
    this.#probe = probe;
  }

  static async start(installation: Installation): Promise<Walk> {
    const app = installation.app("steady");
    const steady = await installation.deployAndFollow(app);
    expect(steady.failure).toBeNull();
    const probe = new Probe(await installation.address("steady"), (body) => body === "v1");
    await waitFor("the first answer", () => probe.answers > 0);
    return new Walk(installation, steady, probe);
  }

  /** Holds a deployment in the stage, kills twice, lets it go, and looks at everything that was promised. */
  async kill({ stage, victim }: Kill): Promise<void> {
    const began = performance.now();
    this.#count += 1;
    const held = await this.#hold(stage, `app-${this.#count}`);
    try {
      const times = victim === "work" || victim === "app" ? 1 : 2;
      for (let time = 0; time < times; time++) {
        await this.#strike(victim, held, stage);
        await waitFor("orphans to be ended", async () => (await this.installation.orphans()).length === 0).catch(
          () => undefined,
        );
        expect(await this.installation.orphans(), "processes of a killed agent").toEqual([]);
      }
      held.letGo();
      const deployment = await held.follower.settled();
      await this.#judge({ stage, victim }, held, deployment);
      const outages = this.#probe.failures.filter((failure) => failure.from >= began);
      if (victim !== "keeper" && victim !== "both") expect(outages, "requests that failed").toEqual([]);
      await this.#clean(held);
    } finally {
      await held.close();
    }
  }

  async #hold(stage: KilledStage, name: string): Promise<Held> {
    const { installation } = this;
    if (stage === "queued" || stage === "preparing") return holdByGit(installation, name, stage);
    const app = installation.app(name);
    const gate = gates[stage];
    if (gate !== undefined) app.close(gate);
    await installation.project(app);
    const follower = await installation.deploy(name);
    let before = 0;
    const again = async (): Promise<void> => {
      if (gate === undefined) return;
      await app.waiting(gate, before);
      before = app.passes(gate).length;
    };
    if (gate === undefined) await follower.settled();
    await again();
    return {
      app,
      follower,
      again,
      letGo: () => gate !== undefined && app.open(gate),
      close: () => follower[Symbol.asyncDispose](),
      others: [],
    };
  }

  async #strike(victim: Victim, held: Held, stage: KilledStage): Promise<void> {
    const { installation } = this;
    const gate = gates[stage];
    switch (victim) {
      case "agent":
        await installation.killAgent();
        await installation.startAgent();
        // The candidate runs under the keeper, which goes on.
        return stage === "verifying" ? undefined : held.again();
      case "keeper": {
        const old = installation.keeperPid();
        const killedAt = performance.now();
        await installation.killKeeper();
        await installation.keeperBack(old);
        await this.#expectBack(killedAt);
        return stage === "verifying" ? held.again() : undefined;
      }
      case "both": {
        await Promise.all([installation.killAgent(), installation.killKeeper()]);
        const restartedAt = performance.now();
        await installation.startAgent();
        await this.#expectBack(restartedAt);
        return held.again();
      }
      case "work":
        for (const { pid, ended } of gate === undefined ? [] : held.app.passes(gate)) if (!ended) killNow(pid);
        return undefined;
      case "app":
        installation.killApps(
          (await installation.client.deployments.get({ deployment: held.follower.last.id })).releaseId ?? "",
        );
    }
  }

  /** The app that was live answers within the promised time. */
  async #expectBack(restartedAt: number): Promise<void> {
    await waitFor("the live app to answer again", () => this.#probe.lastAnswerFrom > restartedAt, {
      timeoutMs: 30_000,
    });
    expect(performance.now() - restartedAt, "milliseconds until the live app answered").toBeLessThan(backWithinMs());
  }

  async #judge({ stage, victim }: Kill, { app, follower, others }: Held, deployment: Deployment): Promise<void> {
    const { installation } = this;
    const survives = victim !== "work" && !(victim === "app" && stage === "verifying");
    expect({ state: deployment.state, failure: survives ? deployment.failure : null }).toEqual({
      state: survives ? "live" : "failed",
      failure: null,
    });
    await expectWholeTimeline(installation, follower);
    const commands = app.passes("release");
    expect(
      commands.filter((each) => each.overlapped),
      "release commands side by side",
    ).toEqual([]);
    const restarted = stage === "releasing" && (victim === "agent" || victim === "both");
    const reached = stage !== "building" || victim !== "work";
    if (restarted) expect(commands.length).toBeGreaterThanOrEqual(1);
    else expect(commands.length, "release commands").toBe(reached ? 1 : 0);
    if (survives) {
      await expectLive(installation, app.name, deployment);
      const url = await installation.address(app.name);
      await waitFor("the app to answer", async () => answersWith(await get(url), app.version), { timeoutMs: 20_000 });
    } else {
      expect(deployment.failure?.code).toBeTypeOf("string");
      expect((await installation.environment(app.name)).environment.live).toBeNull();
    }
    const alsoLive = await Promise.all(others.map((each) => each.settled()));
    const live = [this.#steady, ...alsoLive, ...(survives ? [deployment] : [])];
    await expectNothingLeft(
      installation,
      live.map((each) => each.releaseId ?? ""),
    );
  }

  async #clean({ follower, others }: Held): Promise<void> {
    const { client } = this.installation;
    for (const { last } of [follower, ...others]) {
      const { name } = (await client.projects.get({ project: last.projectId })).project;
      await client.projects.destroy({ project: last.projectId, confirm: name });
    }
    const left = async () => (await client.projects.list({})).items.length - 1;
    await waitFor("the projects to be gone", async () => (await left()) === 0, { timeoutMs: 30_000, everyMs: 50 });
    await expectNothingLeft(this.installation, [this.#steady.releaseId ?? ""]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#probe.stop();
  }
}

function answersWith(answer: Awaited<ReturnType<typeof get>>, body: string): boolean {
  return typeof answer !== "string" && answer.status === 200 && answer.body === body;
}

/** Its repository's server does not answer for now, so that it stays in `preparing`; with two others before it that wait too, it stays in `queued`. */
async function holdByGit(installation: Installation, name: string, stage: "queued" | "preparing"): Promise<Held> {
  const others: GitHeld[] = [];
  for (const each of stage === "queued" ? ["a", "b"] : []) {
    const other = await deployFromHeldGit(installation, `${name}-${each}`);
    others.push(other);
    await other.follower.reached("preparing");
  }
  const { app, follower, server } = await deployFromHeldGit(installation, name);
  await follower.reached(stage);
  const first = others[0]?.server ?? server;
  let seen = 0;
  const again = async (): Promise<void> => {
    await waitFor("Git to ask again", () => first.arrivals > seen, { timeoutMs: 30_000 });
    seen = first.arrivals;
  };
  await again();
  return {
    app,
    follower,
    others: others.map((each) => each.follower),
    again,
    letGo: () => [...others.map((each) => each.server), server].forEach((each) => each.release()),
    async close() {
      for (const each of [...others, { follower, server }]) {
        await each.follower[Symbol.asyncDispose]();
        await each.server[Symbol.asyncDispose]();
      }
    },
  };
}

interface GitHeld {
  readonly app: GatedApp;
  readonly server: GitServer;
  readonly follower: Follower;
}

async function deployFromHeldGit(installation: Installation, name: string): Promise<GitHeld> {
  const app = installation.app(name);
  const server = await GitServer.start(app.folder);
  server.hold();
  await installation.project(app, { type: "git", url: server.url, ref: null, dir: "" });
  return { app, server, follower: await installation.deploy(name) };
}
