import { cancelDeployment } from "@cloudsmith/deployments";
import { waitFor } from "@cloudsmith/testkit";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { nodeApp, Workshop } from "./testing/workshop.ts";

/** A build that says that it runs and waits until it may end. */
function gated(workshop: Workshop, name: string): { files: ReturnType<typeof nodeApp>; begun: string; gate: string } {
  const begun = workshop.dir.file(`${name}-begun`);
  const gate = workshop.dir.file(`${name}-gate`);
  const build = `import { appendFileSync, existsSync } from "node:fs";
appendFileSync(${JSON.stringify(begun)}, process.pid + "\\n");
console.log("waiting");
const timer = setInterval(() => { if (existsSync(${JSON.stringify(gate)})) clearInterval(timer); }, 20);
setTimeout(() => process.exit(9), 25000).unref();`;
  return { files: nodeApp(build), begun, gate };
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test("a queued deployment is prepared, built and handed on; an equal one uses the build again", async () => {
  await using workshop = await Workshop.open();
  await workshop.start();
  const project = await workshop.project("site", { "index.html": "<h1>hello</h1>" });
  const environment = await workshop.environment(project);
  const first = await workshop.until((await workshop.request(project, environment)).id, "releasing");
  expect(first).toMatchObject({ state: "releasing", buildReused: false });
  expect(first.stageTimes.map((time) => time.stage)).toEqual(["queued", "preparing", "building", "releasing"]);
  const built = await workshop.store.get("build", { teamId: workshop.teamId, id: first.buildId ?? "" });
  expect(built?.value).toMatchObject({ state: "succeeded", artifact: first.artifact });
  expect(await workshop.blobs.stat({ teamId: workshop.teamId, kind: "artifact" }, first.artifact ?? "")).toBeDefined();

  const second = await workshop.until((await workshop.request(project, environment)).id, "releasing");
  expect(second).toMatchObject({ buildReused: true, buildId: first.buildId, artifact: first.artifact });
  await waitFor("the logs to end", () => workshop.isEnded(`build/${first.buildId}`));
  expect(workshop.errors).toEqual([]);
});

test("a changed variable of the build makes another build, one of the run does not", async () => {
  await using workshop = await Workshop.open();
  await workshop.start();
  const project = await workshop.project("site", { "index.html": "<h1>hello</h1>" });
  const builds = [];
  for (const [name, scope, value] of [
    ["a", "run", "1"],
    ["b", "run", "2"],
    ["c", "build", "1"],
    ["d", "both", "2"],
  ] as const) {
    const environment = await workshop.environment(project, name, { variables: { COLOR: { value, scope } } });
    builds.push((await workshop.until((await workshop.request(project, environment)).id, "releasing")).buildId);
  }
  expect(builds[0]).toBe(builds[1]);
  expect(new Set(builds).size).toBe(3);
});

test("two deployments at once share one build; the first to be canceled leaves it, the last ends it with its process", async () => {
  await using workshop = await Workshop.open();
  await workshop.start();
  const { files, begun } = gated(workshop, "shared");
  const project = await workshop.project("shared", files);
  const [one, two] = await Promise.all(
    ["production", "staging"].map(async (name) => {
      const environment = await workshop.environment(project, name);
      return (await workshop.request(project, environment)).id;
    }),
  );
  const first = await workshop.until(one ?? "", "building");
  const second = await workshop.until(two ?? "", "building");
  expect(first.buildId).toBe(second.buildId);
  const pid = await waitFor("the build to run", async () =>
    existsSync(begun) ? Number((await readFile(begun, "utf8")).trim()) : undefined,
  );
  const cancel = (deploymentId: string) => cancelDeployment(workshop.store, { teamId: workshop.teamId, deploymentId });
  expect((await cancel(first.id)).state).toBe("canceled");
  expect(isAlive(pid)).toBe(true);
  expect((await cancel(second.id)).state).toBe("canceled");
  await waitFor("its process to be gone", () => !isAlive(pid));
  const build = await workshop.store.get("build", { teamId: workshop.teamId, id: first.buildId ?? "" });
  expect(build?.value.state).toBe("canceled");
  await waitFor("its log to end", () => workshop.isEnded(`build/${first.buildId}`));
});

test("a source without an app, a plan that cannot be and a build that fails each tell their cause", async () => {
  await using workshop = await Workshop.open();
  await workshop.start();
  const cases = [
    ["empty", {}, "preparing"],
    ["no-app", { "notes.txt": "nothing to run" }, "preparing"],
    ["bad-settings", { "index.html": "x", "cloudsmith.json": '{ "colour": "red" }' }, "preparing"],
    ["bad-build", nodeApp('console.error("SyntaxError: it is broken"); process.exit(2);'), "building"],
  ] as const;
  for (const [name, files, stage] of cases) {
    const project = await workshop.project(name, files);
    const { id } = await workshop.request(project, await workshop.environment(project));
    const failed = await workshop.until(id, "failed");
    expect(failed.failure, name).toMatchObject({ stage });
    expect(failed.failure?.code, name).not.toBe("internal");
    expect(failed.failure?.message.length, name).toBeGreaterThan(5);
  }
});

test("a secret that is gone fails the build at once and by its name", async () => {
  await using workshop = await Workshop.open();
  await workshop.start();
  const project = await workshop.project("secretive", { "index.html": "x" });
  const environment = await workshop.environment(project, "production", {
    secrets: { NPM_TOKEN: { version: "sec_gone0001", scope: "build" } },
  });
  const failed = await workshop.until((await workshop.request(project, environment)).id, "failed");
  expect(failed.failure).toMatchObject({ code: "secret-missing", message: expect.stringContaining("NPM_TOKEN") });
});

test("a build whose worker is killed in the middle is picked up by another", async () => {
  await using workshop = await Workshop.open();
  const { files, begun, gate } = gated(workshop, "killed");
  const dying = await workshop.start("dying");
  const project = await workshop.project("killed", files);
  const { id } = await workshop.request(project, await workshop.environment(project));
  await waitFor("the build to run", () => existsSync(begun), { timeoutMs: 20_000 });
  await dying.kill();
  const { buildId } = await workshop.deployment(id);
  await workshop.start("next", 60);
  await waitFor("it to run again", async () => (await readFile(begun, "utf8")).trim().split("\n").length === 2, {
    timeoutMs: 20_000,
  });
  await writeFile(gate, "");
  expect(await workshop.until(id, "releasing")).toMatchObject({ state: "releasing", buildId });
  await waitFor("the log to end", () => workshop.isEnded(`build/${buildId}`));
});

test("a cancel while the source is taken ends it", async () => {
  await using workshop = await Workshop.open();
  const project = await workshop.project("early", { "index.html": "x" });
  const { id } = await workshop.request(project, await workshop.environment(project));
  await workshop.start();
  await waitFor("it to begin", async () => (await workshop.deployment(id)).state !== "queued");
  await cancelDeployment(workshop.store, { teamId: workshop.teamId, deploymentId: id });
  expect((await workshop.until(id, "canceled")).state).toBe("canceled");
});
