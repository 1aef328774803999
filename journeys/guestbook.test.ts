import { waitFor } from "@cloudsmith/testkit";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addressOf, resultOf } from "./deployment-result.ts";
import { createInstallation, type Installation } from "./installation.ts";
import { processesOf } from "./reaper.ts";
import { stepsOfOneStory } from "./steps.ts";

describe("the guestbook's life: a server with a WebSocket and a persistent folder", () => {
  stepsOfOneStory();
  let cloudsmith: Installation;
  let app: string;
  let url: string;
  const deploy = (...args: string[]) => cloudsmith.stream(["deploy", app, ...args]);
  const pageOf = async (address: string): Promise<string> => (await fetch(address)).text();

  beforeAll(async () => {
    cloudsmith = await createInstallation();
    app = await cloudsmith.copyOf("guestbook");
  });
  afterAll(async () => {
    await cloudsmith[Symbol.asyncDispose]();
    expect(processesOf(cloudsmith.folder.path)).toEqual([]);
  });

  it("is live after one command", async () => {
    const { code, items } = await deploy();
    url = addressOf(items);
    expect(code).toBe(0);
    expect(await pageOf(url)).toContain("<h1>Guestbook</h1>");
  });

  it("sends what is written to everyone who is there, through the proxy", async () => {
    const heard = Promise.withResolvers<string>();
    const socket = new WebSocket(url.replace("http", "ws") + "/live");
    socket.addEventListener("message", ({ data }) => heard.resolve(String(data)));
    socket.addEventListener("error", () => heard.reject(new Error("the WebSocket failed")));
    await new Promise((resolve) => socket.addEventListener("open", resolve));
    await fetch(`${url}/entries`, {
      method: "POST",
      body: new URLSearchParams({ name: "Ada", text: "first" }),
      redirect: "manual",
    });
    expect(await heard.promise).toContain("Ada");
    socket.close();
  });

  it("shows a changed variable as pending, and has it after a redeploy that builds nothing anew, with its entries kept", async () => {
    await cloudsmith.run(["env", "set", "GREETING=Hello there", "--scope", "run", "-p", "guestbook"]);
    const before = await cloudsmith.json(["status", "guestbook"]);
    expect(before).toMatchObject({ changesPending: [{ name: "GREETING", change: "added" }] });
    const { code, items } = await cloudsmith.stream(["redeploy", "guestbook"]);
    expect(code).toBe(0);
    expect(resultOf(items)).toMatchObject({ deployment: { buildReused: true }, environment: { changesPending: [] } });
    const page = await pageOf(addressOf(items));
    expect(page).toContain("<h1>Hello there</h1>");
    expect(page).toContain("Ada");
  });

  it("keeps what is live when a new version does not start, and says why", async () => {
    const server = join(app, "server.js");
    const good = await readFile(server, "utf8");
    await writeFile(server, `throw new Error("the database is on holiday");\n${good}`);
    const { code, items } = await deploy();
    const { deployment } = resultOf(items);
    expect(code).toBe(1);
    expect(deployment).toMatchObject({ state: "failed", failure: { stage: "verifying" } });
    expect(JSON.stringify(deployment.failure)).toContain("the database is on holiday");
    expect(await pageOf(url)).toContain("Hello there");
    await writeFile(server, good);
  });

  it("is live again with the fix", async () => {
    await writeFile(
      join(app, "page.js"),
      (await readFile(join(app, "page.js"), "utf8")).replace("Sign the book", "Sign here"),
    );
    const { code, items } = await deploy();
    expect(code).toBe(0);
    expect(await pageOf(addressOf(items))).toContain("Sign here");
  });

  it("rolls back to the version before, without a build", async () => {
    const { code, items } = await cloudsmith.stream(["rollback", "guestbook"]);
    expect(code).toBe(0);
    expect(resultOf(items).deployment).toMatchObject({ trigger: "rollback", state: "live" });
    const page = await pageOf(addressOf(items));
    expect(page).toContain("Sign the book");
    expect(page).toContain("Ada");
  });

  it("cancels a deployment that hangs, and what is live stays", async () => {
    const hanging = cloudsmith.stream(["deploy", app, "--build", 'node -e "setInterval(() => {}, 1000)"']);
    await waitFor(
      "the build to hang",
      async () => JSON.stringify(await cloudsmith.json(["status", "guestbook"])).includes('"state":"building"'),
      { timeoutMs: 60_000, everyMs: 200 },
    );
    await cloudsmith.json(["cancel", "guestbook"]);
    const { code, items } = await hanging;
    expect(code).toBe(130);
    expect(resultOf(items).deployment.state).toBe("canceled");
    expect(await pageOf(url)).toContain("Sign the book");
  });

  it("stops, says so at its address, and starts again", async () => {
    await cloudsmith.json(["stop", "guestbook"]);
    await waitFor("the app to be gone", async () => (await fetch(url).catch(() => undefined))?.ok !== true, {
      timeoutMs: 20_000,
    });
    await cloudsmith.json(["start", "guestbook"]);
    const back = await waitFor(
      "the app to answer again",
      async () => {
        const view = await cloudsmith.json(["status", "guestbook"]);
        const { plainUrl } = view as { plainUrl: string | null }; // checked by the fetch that follows
        return plainUrl !== null && (await pageOf(plainUrl));
      },
      { timeoutMs: 20_000, everyMs: 200 },
    );
    expect(back).toContain("Ada");
  });

  it("never shows a secret's value, wherever one looks", async () => {
    const value = "canary-7f3a9c";
    await cloudsmith.run(["secret", "set", "API_KEY", "-p", "guestbook"], { input: `${value}\n` });
    expect((await deploy()).code).toBe(0);
    const commands = [
      ["env", "ls", "-p", "guestbook"],
      ["secret", "ls", "-p", "guestbook"],
      ["status", "guestbook"],
      ["activity"],
      ["support-bundle", "-o", cloudsmith.folder.file("support")],
      ["logs", "--build", "guestbook"],
      ["diff", "guestbook"],
    ];
    for (const args of commands) {
      const said = await cloudsmith.run([...args, "--json"]);
      expect(said.stdout + said.stderr, args.join(" ")).not.toContain(value);
    }
    await rm(cloudsmith.folder.file("support"), { recursive: true });
  });

  it("is gone after destroy", async () => {
    await cloudsmith.json(["destroy", "guestbook", "--yes"]);
    await waitFor("the project to be gone", async () => JSON.stringify(await cloudsmith.json(["ls"])) === "[]", {
      timeoutMs: 30_000,
      everyMs: 200,
    });
    // The proxy may still listen there; nothing of the app answers any more.
    expect((await fetch(url).catch(() => undefined))?.status ?? 404).toBe(404);
  });
});
