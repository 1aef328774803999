import { afterAll, beforeAll, expect, test } from "vitest";
import { TestAgent } from "../testing/test-agent.ts";

let agent: TestAgent;
let host: string;
let origin: string;
beforeAll(async () => {
  agent = await TestAgent.start();
  host = `cloudsmith.localhost:${agent.port}`;
  origin = `http://${host}`;
});
afterAll(async () => {
  await agent?.[Symbol.asyncDispose]();
});

const form = "application/x-www-form-urlencoded";
const redeem = (code: string, headers: Record<string, string> = {}) =>
  agent.ask("/sign-in", {
    method: "POST",
    headers: {
      host,
      origin,
      "sec-fetch-site": "same-origin",
      "content-type": form,
      "user-agent": "Test Browser",
      ...headers,
    },
    body: new URLSearchParams({ code }).toString(),
  });

async function signIn(): Promise<{ cookie: string; setCookie: string }> {
  const { code } = await agent.client().auth.createSignInCode();
  const { headers } = await redeem(code);
  const setCookie = headers["set-cookie"]?.[0] ?? "";
  return { setCookie, cookie: setCookie.split(";")[0] ?? "" };
}

test("a code signs one browser in, once", async () => {
  const { code, url, expiresAt } = await agent.client().auth.createSignInCode();
  expect(url).toBe(`${origin}/sign-in?code=${code}`);
  expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(50_000);
  expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(60_000);
  const first = await redeem(code);
  expect(first).toMatchObject({ status: 303, headers: { location: "/" } });
  expect(first.headers["set-cookie"]?.[0]).toMatch(/^cloudsmith_session=[\w-]+; Path=\/; HttpOnly; SameSite=Strict$/);
  expect(await redeem(code)).toMatchObject({ status: 401 });
});

test("a link that is only fetched uses no code up", async () => {
  const { code } = await agent.client().auth.createSignInCode();
  for (const method of ["HEAD", "GET", "GET"]) {
    const page = await agent.ask(`/sign-in?code=${code}`, { method, headers: { host } });
    expect(page.status).toBe(200);
    expect(page.headers["set-cookie"]).toBeUndefined();
  }
  expect((await redeem(code)).status).toBe(303);
});

test("a code that does not work shows a person what happened, why and what to do", async () => {
  const page = await redeem(`code_<script>alert(1)</script>`);
  expect(page.status).toBe(401);
  expect(page.headers["content-type"]).toContain("text/html");
  expect(page.headers["content-security-policy"]).toContain("default-src 'none'");
  expect(page.text).toMatch(/does not work.*60 seconds.*cloudsmith open --ui/s);
  const shown = await agent.ask(`/sign-in?code=${encodeURIComponent('"><script>alert(1)</script>')}`, {
    headers: { host },
  });
  expect(shown.text).not.toContain("<script>alert");
});

test("the cookie works on the interface's own host and pages, and nowhere else", async () => {
  const { cookie } = await signIn();
  const me = (headers: Record<string, string>) => agent.ask("/api/auth/me", { headers: { cookie, ...headers } });
  const change = (headers: Record<string, string>) =>
    agent.ask("/api/auth/sign-in-codes", {
      method: "POST",
      headers: { cookie, host, "content-type": "application/json", ...headers },
    });
  expect(await me({ host })).toMatchObject({ status: 200, body: { userId: "user_local" } });
  expect(await me({ host: `127.0.0.1:${agent.port}` })).toMatchObject({ status: 401 });
  expect(await me({ host: `localhost:${agent.port}` })).toMatchObject({ status: 401 });
  expect(await me({ host: `shop.localhost:${agent.port}` })).toMatchObject({ status: 403 });
  expect(await change({ origin })).toMatchObject({ status: 200 });
  expect(await change({})).toMatchObject({ status: 401 });
  expect(await change({ origin: "null" })).toMatchObject({ status: 403 });
  expect(await change({ origin: "http://shop.localhost:7080" })).toMatchObject({ status: 403 });
});

test.each([
  ["a name that resolves here (DNS rebinding)", { host: "evil.example" }],
  ["no host that is ours", { host: "127.0.0.1.evil.example:80" }],
  ["a page elsewhere", { origin: "https://evil.example" }],
  ["a page elsewhere without Origin", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }],
  ["a page on a sibling host", { "sec-fetch-site": "same-site", "sec-fetch-mode": "cors" }],
])("a request of %s is refused, even with a token", async (_, headers) => {
  const answer = await agent.ask("/api/auth/me", {
    headers: { host: `127.0.0.1:${agent.port}`, authorization: `Bearer ${agent.token}`, ...headers },
  });
  expect(answer).toMatchObject({ status: 403, body: { code: "forbidden" } });
});

test("a form of another site signs nobody in", async () => {
  const { code } = await agent.client().auth.createSignInCode();
  expect((await redeem(code, { origin: "https://evil.example" })).status).toBe(403);
  expect(
    (await redeem(code, { host: `127.0.0.1:${agent.port}`, origin: `http://127.0.0.1:${agent.port}` })).status,
  ).toBe(403);
  expect((await redeem(code)).status).toBe(303);
});

test("a session is listed, and signing it out ends it and its live stream at once", async () => {
  const { cookie } = await signIn();
  const client = agent.client();
  const session = (await client.auth.sessions()).find(
    ({ name, kind }) => kind === "session" && name === "Test Browser",
  );
  const token = decodeURIComponent(cookie.split("=")[1] ?? "");
  const theirs = agent.client(token);
  expect((await theirs.auth.sessions()).filter((each) => each.current)).toHaveLength(1);
  const mine = (await theirs.auth.sessions()).find((each) => each.current);
  expect(session).toBeDefined();
  const stream = await theirs.live.open({ subscriptions: [{ type: "team", key: "t" }] }, { context: { retry: 0 } });
  expect((await stream.next()).value).toMatchObject({ type: "open" });
  const ended = (async () => {
    for await (const _ of stream);
  })();
  await client.auth.revoke({ id: mine?.id ?? "" });
  await expect(ended).rejects.toMatchObject({ code: "not-signed-in" });
  expect(await agent.ask("/api/auth/me", { headers: { cookie, host } })).toMatchObject({ status: 401 });
});

test("signing out here takes the cookie away; everywhere ends every browser and leaves programs alone", async () => {
  const [here, there] = [await signIn(), await signIn()];
  const post = (path: string, cookie: string, body = {}) =>
    agent.ask(`/api/auth/${path}`, {
      method: "POST",
      headers: { cookie, host, origin, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const me = (cookie: string) => agent.ask("/api/auth/me", { headers: { cookie, host } });
  expect(await post("sign-out-everywhere", here.cookie, { keepThis: true })).toMatchObject({ status: 200 });
  expect(await me(there.cookie)).toMatchObject({ status: 401 });
  expect(await me(here.cookie)).toMatchObject({ status: 200 });
  expect(await post("sign-out", here.cookie)).toMatchObject({ status: 200, body: { done: true } });
  const after = await me(here.cookie);
  expect(after.status).toBe(401);
  expect(after.headers["set-cookie"]?.[0]).toMatch(/^cloudsmith_session=; .*Max-Age=0$/);
  expect(await agent.client().auth.me()).toMatchObject({ role: "owner" });
});

test("the installation's own token is renewed when it is revoked, so that nobody is locked out", async () => {
  const { readConnection } = await import("../compose/connection-file.ts");
  const before = (await readConnection(agent.paths.connection))?.token ?? "";
  const current = (await agent.client(before).auth.sessions()).find((each) => each.current);
  await agent.client(before).auth.revoke({ id: current?.id ?? "" });
  const after = (await readConnection(agent.paths.connection))?.token ?? "";
  expect(after).not.toBe(before);
  await expect(agent.client(before).auth.me()).rejects.toMatchObject({ code: "not-signed-in" });
  expect(await agent.client(after).auth.me()).toMatchObject({ role: "owner" });
});
