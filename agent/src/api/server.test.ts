import { contract } from "@cloudsmith/contracts/api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestAgent } from "../testing/test-agent.ts";

let agent: TestAgent;
beforeAll(async () => {
  agent = await TestAgent.start();
});
afterAll(async () => {
  await agent?.[Symbol.asyncDispose]();
});

const json = { "content-type": "application/json" };
const signedIn = () => ({ authorization: `Bearer ${agent.token}` });
const anError = (code: string) => ({
  code,
  message: expect.any(String),
  correlationId: expect.stringMatching(/^evt_/),
});

test("RPC and OpenAPI give the same error for the same mistake", async () => {
  const rpc = await agent.rpc("projects.get", { project: "missing" });
  const rest = await agent.ask("/api/projects/missing", { headers: signedIn() });
  const { correlationId: _, ...body } = rest.body as Record<string, unknown>; // a test's view of JSON
  expect(rest).toMatchObject({ status: 404, body: anError("not-found") });
  expect(rpc).toMatchObject({ status: 404, body: { json: { code: "not-found", status: 404, data: body } } });
  expect(rest.headers["x-correlation-id"]).toBe((rest.body as { correlationId: string }).correlationId);
});

test("an invalid input is told field by field", async () => {
  const { status, body } = await agent.ask("/api/projects", {
    method: "PUT",
    headers: { ...json, ...signedIn() },
    body: JSON.stringify({ source: { type: "folder", path: 7, dir: "" }, name: "Not A Name" }),
  });
  expect({ status, body }).toMatchObject({ status: 400, body: anError("invalid-input") });
  expect(body).toMatchObject({ cause: expect.stringMatching(/source\.path: .*; name: .*lower-case/s) });
});

test("a bug is told as `internal` with an id that the log has, and nothing of what was thrown", async () => {
  const doctor = agent.services.doctor.bind(agent.services);
  Object.assign(agent.services, {
    doctor: () => Promise.reject(new Error("ENOENT: /home/somebody/secret.key")),
  });
  const rest = await agent.ask("/api/system/doctor", { headers: signedIn() });
  const rpc = await agent.rpc("system.doctor", undefined);
  Object.assign(agent.services, { doctor });
  expect(rest).toMatchObject({ status: 500, body: anError("internal") });
  expect(rpc).toMatchObject({ status: 500, body: { json: { code: "internal", data: anError("internal") } } });
  expect(rest.text + rpc.text).not.toMatch(/secret\.key|at .*\.ts/);
  const { correlationId } = rest.body as { correlationId: string };
  expect(agent.errors.find((each) => each.correlationId === correlationId)?.error).toMatchObject({
    message: expect.stringContaining("secret.key"),
  });
});

test.each([
  ["not JSON", { headers: json, body: "{oops" }, 400, "invalid-input"],
  ["a form", { headers: { "content-type": "multipart/form-data" }, body: "x" }, 400, "invalid-input"],
  ["too much", { headers: json, body: JSON.stringify("x".repeat(9_000_000)) }, 413, "too-large"],
] as const)("%s is refused before anything reads it", async (_, request, status, code) => {
  for (const [path, method] of [
    ["/rpc/projects/ensure", "POST"],
    ["/api/projects", "PUT"],
  ] as const) {
    const answer = await agent.ask(path, { ...request, method, headers: { ...request.headers, ...signedIn() } });
    const body = path.startsWith("/rpc") ? { json: { data: anError(code) } } : anError(code);
    expect(answer).toMatchObject({ status, body });
  }
});

test.each(["/nowhere", "/api/nowhere", "/rpc/no/where", "/rpc/nowhere"])("%s is not there", async (path) => {
  const { status, text } = await agent.ask(path, { headers: signedIn() });
  expect({ status, text }).toMatchObject({ status: 404, text: expect.stringContaining('"code":"not-found"') });
});

test("clients of another version are told which side to update", async () => {
  const newer = await agent.ask("/api/system/info", { headers: { "x-cloudsmith-api": "99" } });
  const older = await agent.ask("/rpc/system/info", { headers: { "x-cloudsmith-api": "0" } });
  expect(newer).toMatchObject({ status: 426, body: anError("version-mismatch") });
  expect(newer.text).toContain("Update the agent");
  expect(older.status).toBe(426);
  expect(older.text).toContain("Update the client");
});

test("our own client gets a typed error from before any handler too", async () => {
  const stranger = agent.client("nonsense");
  await expect(stranger.auth.me()).rejects.toMatchObject({ code: "not-signed-in", defined: true });
});

test("what is read leaves no trace, and what changes is on the activity page by name, without a value", async () => {
  const client = agent.client();
  await client.projects.ensure({ source: { type: "folder", path: agent.file("audited"), dir: "" }, name: "audited" });
  await client.environments.setVariables({
    project: "audited",
    environment: "production",
    set: { GREETING: { value: "the-value-of-it", scope: "run" } },
  });
  await client.environments.setSecrets({
    project: "audited",
    environment: "production",
    set: { API_KEY: { value: "the-secret-of-it" } },
  });
  await client.projects.setGitToken({ project: "audited", token: "the-git-token-of-it" });
  await client.projects.get({ project: "audited" });
  const page = await client.activity.list({ project: "audited" });
  expect(page.items.map(({ action, detail }) => `${action} ${detail}`.trim())).toEqual([
    "projects.setGitToken",
    "environments.setSecrets set API_KEY",
    "environments.setVariables set GREETING",
    "projects.ensure name audited",
  ]);
  expect(JSON.stringify(page)).not.toMatch(/-of-it/);
});

test("pages go on where they ended while things come in, and refuse silly sizes", async () => {
  const client = agent.client();
  for (const name of ["page-a", "page-b", "page-c", "page-d"])
    await client.projects.ensure({ source: { type: "folder", path: agent.file(name), dir: "" }, name });
  const seen: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await client.projects.list({ limit: 2, ...(cursor !== undefined && { cursor }) });
    expect(page.items.length).toBeLessThanOrEqual(2);
    seen.push(...page.items.map((item) => item.project.name));
    cursor = page.cursor;
    if (seen.length === 2)
      await client.projects.ensure({ source: { type: "folder", path: agent.file("page-e"), dir: "" }, name: "page-e" });
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toEqual(expect.arrayContaining(["page-a", "page-b", "page-c", "page-d"]));
  for (const limit of [0, 501, 1.5])
    expect(await agent.ask(`/api/projects?limit=${limit}`, { headers: signedIn() })).toMatchObject({ status: 400 });
  expect(await agent.ask("/api/projects?cursor=nonsense", { headers: signedIn() })).toMatchObject({
    status: 400,
    body: anError("invalid-input"),
  });
});

test("the OpenAPI document is valid and has every procedure, and so has the page for people, which loads nothing", async () => {
  const { body } = await agent.ask("/api/openapi.json");
  const { Validator } = await import("@seriousme/openapi-schema-validator");
  const { valid, errors } = await new Validator().validate(Object(body));
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
  const page = await agent.ask("/api");
  expect(page.headers["content-security-policy"]).toMatch(/^default-src 'none'; style-src 'sha256-/);
  expect(page.text).not.toMatch(/(src|href)="(https?:)?\/\//);
  const { paths, openapi } = body as { paths: Record<string, Record<string, unknown>>; openapi: string };
  expect(openapi).toMatch(/^3\.1/);
  for (const procedures of Object.values(contract)) {
    for (const { "~orpc": procedure } of Object.values(procedures)) {
      const { method = "", path = "" } = procedure.route;
      expect(paths[path]?.[method.toLowerCase()], `${method} ${path}`).toMatchObject({ responses: { 404: {} } });
      expect(page.text).toContain(`/api${path}`);
    }
  }
});
