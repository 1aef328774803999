import type { EnvironmentView } from "@cloudsmith/contracts/api";
import { localTeam } from "@cloudsmith/authspire";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { staticSite } from "../testing/sites.ts";
import { TestAgent } from "../testing/test-agent.ts";

const { teamId } = localTeam;
let agent: TestAgent;
beforeAll(async () => {
  agent = await TestAgent.start();
});
afterAll(async () => {
  await agent?.[Symbol.asyncDispose]();
});

async function fresh(name: string): Promise<{ project: string; environment: string }> {
  await agent.client().projects.ensure({ source: staticSite(agent, name), name });
  return { project: name, environment: "production" };
}

function numbered<T>(count: number, make: (index: number) => T): Record<string, T> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`KEY_${index}`, make(index)]));
}

/** Names in the secret store, and ids of the version records, which must be the same. */
async function kept({ environment }: EnvironmentView): Promise<{ values: string[]; records: string[] }> {
  const page = await agent.services.store.list(
    "secretVersionsOfEnvironment",
    { teamId, environmentId: environment.id },
    { limit: 1000 },
  );
  const records = page.items.map(({ value }) => value.id).toSorted();
  const values = readdirSync(join(agent.paths.secrets, teamId)).filter((name) => records.includes(name));
  return { records, values: values.toSorted() };
}

test("three hundred secrets come in one step, each with its value", async () => {
  const where = await fresh("many");
  const client = agent.client();
  const view = await client.environments.configure({
    ...where,
    set: numbered(20, () => ({ value: "plain", scope: "run" as const })),
    secrets: Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`SECRET_${n}`, { value: `value ${n}` }])),
  });
  expect(Object.keys(view.environment.variables)).toHaveLength(20);
  const references = Object.values(view.environment.secrets).map((each) => each.version);
  expect(references).toHaveLength(300);
  expect(await kept(view)).toEqual({ records: references.toSorted(), values: references.toSorted() });
  const values = await agent.services.secrets.get({ teamId }, references);
  expect(values.get(view.environment.secrets["SECRET_299"]?.version ?? "")).toBe("value 299");
  expect((await client.environments.variables(where)).secrets).toHaveLength(300);
});

test("one that cannot be kept leaves all of them out, and nothing behind", async () => {
  const where = await fresh("half");
  const client = agent.client();
  const before = await client.environments.get(where);
  const names = readdirSync(join(agent.paths.secrets, teamId));
  const secrets = {
    ...numbered(150, (n) => ({ value: `value ${n}` })),
    LAST: { value: "half of a character: \ud800" },
  };
  await expect(
    client.environments.configure({ ...where, set: { PLAIN: { value: "1", scope: "run" } }, secrets }),
  ).rejects.toMatchObject({ code: "invalid-input" });
  const after = await client.environments.get(where);
  expect(after.environment).toEqual(before.environment);
  expect(await kept(after)).toEqual({ records: [], values: [] });
  expect(readdirSync(join(agent.paths.secrets, teamId))).toEqual(names);
});

test("a configuration that grows too large is refused, and what was there stays", async () => {
  const where = await fresh("large");
  const client = agent.client();
  await client.environments.setSecrets({ ...where, set: { TOKEN: { value: "first" } } });
  const before = await client.environments.get(where);
  const huge = numbered(8, () => ({ value: "x".repeat(60_000), scope: "run" as const }));
  await expect(
    client.environments.configure({ ...where, set: huge, secrets: { TOKEN: { value: "second" } } }),
  ).rejects.toMatchObject({ code: "too-large" });
  const after = await client.environments.get(where);
  expect(after.environment).toEqual(before.environment);
  expect((await kept(after)).records).toEqual([before.environment.secrets["TOKEN"]?.version]);
});

test("old versions are revoked in the same moment, and more at once than fit into it are refused", async () => {
  const where = await fresh("revoked");
  const client = agent.client();
  const first = await client.environments.setSecrets({ ...where, set: numbered(91, () => ({ value: "old" })) });
  const again = numbered(91, () => ({ value: "new", revokeOld: true }));
  await expect(client.environments.setSecrets({ ...where, set: again })).rejects.toMatchObject({ code: "too-large" });
  expect((await client.environments.get(where)).environment).toEqual(first.environment);
  delete again["KEY_90"];
  const second = await client.environments.setSecrets({ ...where, set: again });
  const { version: old = "" } = first.environment.secrets["KEY_0"] ?? {};
  const stored = await agent.services.store.get("secretVersion", {
    teamId,
    environmentId: first.environment.id,
    id: old,
  });
  expect(stored?.value).toMatchObject({
    revokedAt: expect.any(String),
    successor: second.environment.secrets["KEY_0"]?.version,
  });
});

test("a name is a variable or a secret, whichever was set last, and never both in one request", async () => {
  const where = await fresh("either");
  const client = agent.client();
  await client.environments.setVariables({ ...where, set: { API_KEY: { value: "1", scope: "run" } } });
  const secret = await client.environments.configure({ ...where, secrets: { API_KEY: { value: "2" } } });
  expect(secret.environment).toMatchObject({ variables: {}, secrets: { API_KEY: { scope: "run" } } });
  const plain = await client.environments.configure({ ...where, set: { API_KEY: { value: "3", scope: "run" } } });
  expect(plain.environment).toMatchObject({ variables: { API_KEY: { value: "3" } }, secrets: {} });
  await expect(
    client.environments.configure({
      ...where,
      set: { API_KEY: { value: "4", scope: "run" } },
      secrets: { API_KEY: { value: "5" } },
    }),
  ).rejects.toMatchObject({ code: "invalid-input" });
});

test("a locked secret store refuses the whole of it", async () => {
  const where = await fresh("locked");
  const client = agent.client();
  await client.environments.setSecrets({ ...where, set: { ONE: { value: "1" } } });
  await agent.stop();
  writeFileSync(agent.paths.key, "another key that is of no use here");
  await agent.start();
  await expect(
    agent.client().environments.configure({
      ...where,
      set: { PLAIN: { value: "1", scope: "run" } },
      secrets: { TWO: { value: "2" } },
    }),
  ).rejects.toMatchObject({ code: "locked" });
  expect((await agent.client().environments.get(where)).environment.variables).toEqual({});
});
