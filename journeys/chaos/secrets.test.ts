import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { waitFor } from "@cloudsmith/testkit";
import { expect, test } from "vitest";
import { GatedApp } from "../support/gated-app.ts";
import { Installation } from "../support/installation.ts";

/** Values that stand nowhere else; each has a name so that a finding says which one leaked, and none is written in a source that is deployed. */
const canaries = {
  BUILD_CANARY: "cnry-build-7Qx9Lm2Zp4",
  RUN_CANARY: "cnry-run-W3k8Vd6Tq1",
  BOTH_CANARY: "cnry-both-H5n0Jc7Rf2",
};

/** Every way in which a program lets its secret out: whole, in base64, in two writes, in an error. */
const spill = (name: string): string => `{
const canary = process.env.${name};
console.log("the secret is " + canary);
console.error(JSON.stringify({ canary }));
console.log(Buffer.from(canary).toString("base64"), encodeURIComponent(canary));
process.stdout.write(canary.slice(0, 9));
await new Promise((resolve) => setTimeout(resolve, 60));
process.stdout.write(canary.slice(9) + "\\n");
}
`;

function secretsOf(): Record<string, { value: string; scope: "build" | "run" | "both" }> {
  return {
    BUILD_CANARY: { value: canaries.BUILD_CANARY, scope: "build" },
    RUN_CANARY: { value: canaries.RUN_CANARY, scope: "run" },
    BOTH_CANARY: { value: canaries.BOTH_CANARY, scope: "both" },
  };
}

test("no secret stands in anything that is written, answered or shown", async () => {
  await using it = await Installation.start();
  const answers: unknown[] = [];
  const seen: string[] = [];
  const watching = setInterval(() => seen.push(...it.processes().map((each) => each.argv)), 100);
  const apps = {
    talks: "",
    throws: `throw new Error("cannot use " + process.env.RUN_CANARY);`,
    crashes: `setTimeout(() => { throw new Error(process.env.RUN_CANARY); }, 1500);`,
    "fails-to-build": "",
  };
  for (const [name, end] of Object.entries(apps)) {
    const app = new GatedApp(it.root.path, name, { code: `${spill("RUN_CANARY")}${spill("BOTH_CANARY")}${end}` });
    app.write(".env", `RUN_CANARY=${canaries.RUN_CANARY}\n`);
    const failing = name === "fails-to-build" ? `throw new Error("no build with " + process.env.BUILD_CANARY);` : "";
    app.write("build.js", `${spill("BUILD_CANARY")}${spill("BOTH_CANARY")}${failing}`);
    app.write("release.js", `${spill("RUN_CANARY")}${spill("BOTH_CANARY")}`);
    await it.project(app);
    answers.push(
      await it.client.environments.setSecrets({ project: name, environment: "production", set: secretsOf() }),
    );
    await using follower = await it.deploy(name);
    const deployment = await follower.settled();
    answers.push(deployment, follower.entries, follower.lines);
    expect(deployment.state, `${name}: ${JSON.stringify(deployment.failure)}`).toBe(
      name === "talks" || name === "crashes" ? "live" : "failed",
    );
    answers.push(...(await everyAnswer(it, name, deployment.id)));
  }
  await waitFor(
    "the app that crashes to have crashed",
    async () =>
      (await it.environment("crashes")).observed.restarts > 0 ||
      (await it.environment("crashes")).liveDeployment === null,
  );
  answers.push(
    await it.client.projects.list({}),
    await it.client.events.deadLetters({}),
    await it.client.activity.list({}),
    await it.client.system.doctor(),
  );
  answers.push(await it.client.system.supportBundle());
  clearInterval(watching);
  const texts = new Map<string, string>([
    ["an answer of the API", JSON.stringify(answers)],
    ["the arguments of a process", seen.join("\n")],
  ]);
  for (const [name, text] of filesBelow(it.paths.home, it.paths.secrets)) texts.set(name, text);
  expect(leaks(texts)).toEqual([]);
  expect(JSON.stringify(answers), "the masked lines are there").toContain("the secret is ••••••");
});

/** Everything that the API tells of one deployment. */
async function everyAnswer(it: Installation, project: string, deployment: string): Promise<unknown[]> {
  const { client } = it;
  return [
    await client.projects.get({ project }),
    await client.deployments.get({ deployment }),
    await client.deployments.timeline({ deployment }),
    await client.deployments.diff({ deployment }),
    await client.environments.variables({ project, environment: "production" }),
    await client.logs.build({ deployment, part: "prepare" }),
    await client.logs.build({ deployment, part: "build" }),
    await client.logs.build({ deployment, part: "release" }),
    await client.logs.run({ project, environment: "production" }),
  ];
}

/** The content of every file below a folder but those in the encrypted store; what is compressed also as it was before. */
function* filesBelow(home: string, without: string): Generator<[string, string]> {
  for (const entry of readdirSync(home, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || path.startsWith(`${without}/`) || path.includes("/cache/toolchains/")) continue;
    const bytes = readFileSync(path);
    yield [relative(home, path), bytes.toString("latin1")];
    if (bytes.length > 4 && bytes.readUInt32LE(0) === 0xfd2fb528)
      yield [`${relative(home, path)}, unpacked`, zstdDecompressSync(bytes).toString("latin1")];
  }
}

function leaks(texts: ReadonlyMap<string, string>): string[] {
  const forms = Object.entries(canaries).flatMap(
    ([name, value]) =>
      [
        [name, value],
        [`${name} in base64`, Buffer.from(value).toString("base64").replace(/=+$/, "").slice(0, -1)],
        [`the second half of ${name}`, value.slice(9)],
      ] as const,
  );
  return [...texts].flatMap(([where, text]) =>
    forms.flatMap(([name, form]) => {
      const at = text.indexOf(form);
      return at === -1 ? [] : [`${name} in ${where}: …${text.slice(Math.max(0, at - 80), at + form.length + 20)}…`];
    }),
  );
}
