import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connectKeeper } from "../keeper-client.ts";
import { get, isAlive, keeperCommand, TestKeeper, waitFor } from "./testing/keeper-harness.ts";
import { findFreePort } from "./free-port.ts";

const server = (reply: string) => `import http from "node:http";
http.createServer((request, response) => response.end(${reply})).listen(process.env.PORT);`;
const hello = (text: string) => server(JSON.stringify(text));

let keeper: TestKeeper;
beforeEach(async () => {
  keeper = await TestKeeper.start();
});
afterEach(() => keeper[Symbol.asyncDispose]());

describe("a release", () => {
  test("is started on a free port and answers on its host name and on its own port", async () => {
    const app = keeper.app(server("request.headers.host + ' ' + process.env.PORT"));
    const { port } = await keeper.deploy(app);
    const { routes, proxyPort } = await keeper.keeper.status();
    const plainPort = routes[0]?.plainPort ?? 0;

    expect((await get(plainPort, "/")).text).toBe(`127.0.0.1:${plainPort} ${port}`);
    expect((await get(proxyPort, "/", { headers: { host: `shop.localhost:${proxyPort}` } })).text).toBe(
      `shop.localhost:${proxyPort} ${port}`,
    );
    expect((await get(plainPort, "/", { host: "::1" })).status).toBe(200);
  });

  test("gets the environment it was given, with PORT, HOME and TMPDIR of its own and without HOST", async () => {
    const app = keeper.app(server("JSON.stringify(process.env)"), {
      env: { HOST: "0.0.0.0", COLOUR: "blue", HOME: "/nowhere" },
    });
    await keeper.deploy(app);
    const env: unknown = JSON.parse((await get(await keeper.plainPort(), "/")).text);
    expect(env).toMatchObject({
      COLOUR: "blue",
      HOME: app.homeDir,
      TMPDIR: app.tempDir,
      CLOUDSMITH_RELEASE_ID: app.id,
    });
    expect(env).not.toHaveProperty("HOST");
    expect(env).not.toHaveProperty("CLOUDSMITH_TEST_PID");
  });

  test("that listens elsewhere is found there", async () => {
    const port = await findFreePort(new Set());
    const app = keeper.app(
      `import http from "node:http"; http.createServer((_, r) => r.end("found")).listen(${port}, "127.0.0.1")`,
    );
    expect((await keeper.deploy(app)).port).toBe(port);
    expect((await get(await keeper.plainPort(), "/")).text).toBe("found");
  });

  test("that opens another port first, such as a debugger's, is found on the one it was told", async () => {
    const app =
      keeper.app(`import http from "node:http"; http.createServer((_, r) => r.end("debugger")).listen(0, "127.0.0.1");
      setTimeout(() => http.createServer((_, r) => r.end("app")).listen(process.env.PORT), 1500)`);
    const first = await keeper.deploy(app);
    const told = await keeper.until(app, ({ port }) => port !== first.port);
    expect(told.listening.length).toBe(2);
    await waitFor(async () => (await get(await keeper.plainPort(), "/")).text === "app");
  });

  test("that listens on ::1 only is reached there", async () => {
    const app = keeper.app(
      `import http from "node:http"; http.createServer((_, r) => r.end("six")).listen(process.env.PORT, "::1")`,
    );
    await keeper.deploy(app);
    expect((await get(await keeper.plainPort(), "/")).text).toBe("six");
  });

  test("of which a child process does the work is found through it", async () => {
    const app = keeper.app(hello("child"), { argv: ["/bin/sh", "-c", `'${process.execPath}' app.mjs & wait`] });
    await keeper.deploy(app);
    expect((await get(await keeper.plainPort(), "/")).text).toBe("child");
  });

  test("that answers 5xx is healthy with that status, and followed until it recovers", async () => {
    const app = keeper.app(`import http from "node:http"; let n = 0;
      http.createServer((_, r) => { r.statusCode = ++n > 2 ? 200 : 503; r.end() }).listen(process.env.PORT)`);
    await keeper.apply([app], [keeper.route(app)]);
    expect((await keeper.until(app, (observed) => observed.state === "healthy")).health.status).toBe(503);
    await keeper.until(app, (observed) => observed.health.status === 200);
  });

  test("that starts slowly keeps requests waiting, which then succeed", async () => {
    const app = keeper.app(
      `setTimeout(async () => { ${hello("late").replace(/import http from "node:http";/, 'const http = await import("node:http");')} }, 700)`,
    );
    await keeper.apply([app], [keeper.route(app)]);
    expect((await get(await keeper.plainPort(), "/")).text).toBe("late");
  });

  test("that never listens is reported as port-not-bound with its last lines", async () => {
    const app = keeper.app(`console.log("still here"); setInterval(() => {}, 1000)`, { startSeconds: 1 });
    await keeper.apply([app], [keeper.route(app)]);
    const observed = await keeper.until(app, ({ state }) => state === "crashing");
    expect(observed).toMatchObject({ reason: "port-not-bound", lastLines: ["still here"] });
  });

  test("that listens but never answers is reported as health-timeout", async () => {
    const app = keeper.app(`import net from "node:net"; net.createServer(() => {}).listen(process.env.PORT)`, {
      startSeconds: 1,
    });
    await keeper.apply([app], [keeper.route(app)]);
    expect((await keeper.until(app, ({ state }) => state === "crashing")).reason).toBe("health-timeout");
  });

  test("whose command does not exist is reported so", async () => {
    const app = keeper.app("", { argv: ["no-such-command-anywhere"] });
    await keeper.apply([app], [keeper.route(app)]);
    expect((await keeper.until(app, ({ state }) => state === "crashing")).reason).toBe("start-command-not-found");
  });
});

describe("a crash", () => {
  test("is followed by restarts with growing pauses, exit code and masked last lines", async () => {
    const app = keeper.app(`console.error("cannot reach db with hunter2-secret"); process.exit(3)`, {
      secrets: ["hunter2-secret"],
    });
    await keeper.apply([app], [keeper.route(app)]);
    const observed = await keeper.until(app, ({ restarts, exit }) => restarts >= 2 && exit !== null);
    expect(observed).toMatchObject({ state: "crashing", exit: { code: 3, signal: null }, reason: "exited" });
    expect(observed.lastLines).toEqual(["cannot reach db with ••••••"]);
    const page = await get(await keeper.plainPort(), "/");
    expect(page.status).toBe(502);
    expect(page.text).not.toContain("db");
  });

  test("of a healthy app is invisible to requests that come while it restarts", async () => {
    const app = keeper.app(`import http from "node:http";
      http.createServer((q, r) => { if (q.url === "/crash") process.exit(1); r.end("ok") }).listen(process.env.PORT)`);
    await keeper.deploy(app);
    const port = await keeper.plainPort();
    expect((await get(port, "/crash", { method: "POST" })).status).toBe(502);
    const answers = await Promise.all(Array.from({ length: 20 }, () => get(port, "/")));
    expect(answers.map((answer) => answer.text)).toEqual(Array.from({ length: 20 }, () => "ok"));
    expect((await keeper.until(app, ({ state }) => state === "healthy")).restarts).toBe(1);
  });

  test("by more memory than the limit is called out-of-memory", async () => {
    const app = keeper.app(`${hello("ok")} const kept = []; setInterval(() => kept.push(Buffer.alloc(20e6, 1)), 100)`, {
      memoryMb: 150,
    });
    await keeper.deploy(app);
    expect((await keeper.until(app, ({ state }) => state === "crashing")).reason).toBe("out-of-memory");
  });

  test("of a fixed port that is taken names the port and who holds it", async () => {
    const port = await findFreePort(new Set());
    const source = `import http from "node:http"; http.createServer((_, r) => r.end(process.env.NAME)).listen(${port})`;
    const first = keeper.app(source, { env: { NAME: "first" } });
    await keeper.deploy(first);
    const second = keeper.app(source, { env: { NAME: "second" } });
    await keeper.apply([first, second], [keeper.route(first)]);
    const observed = await keeper.until(second, ({ state }) => state === "crashing");
    expect(observed).toMatchObject({ reason: "port-taken", portTaken: { port, holder: first.id } });

    await keeper.apply([first, { ...second, exclusive: true }], [keeper.route(first)]);
    await keeper.until(second, ({ state }) => state === "healthy");
    await keeper.until(first, ({ state, reason }) => state === "stopped" && reason === "stopped-for-successor");
    await keeper.apply([{ ...second, exclusive: true }], [keeper.route(second)]);
    expect((await get(await keeper.plainPort(), "/")).text).toBe("second");
  });
});

describe("the end of a release", () => {
  test("reaches children that left their group, and empties the temporary folder", async () => {
    const app =
      keeper.app(`import { spawn } from "node:child_process"; import fs from "node:fs"; import http from "node:http";
      const child = spawn("sleep", ["600"], { detached: true, stdio: "ignore" }); child.unref();
      fs.writeFileSync(process.env.TMPDIR + "/left", "x");
      http.createServer((_, r) => r.end(String(child.pid))).listen(process.env.PORT)`);
    const { pid } = await keeper.deploy(app);
    const child = Number((await get(await keeper.plainPort(), "/")).text);
    expect(await isAlive(child)).toBe(true);
    await keeper.apply([], []);
    await keeper.untilGone(app);
    expect([await isAlive(child), await isAlive(pid ?? 0), existsSync(join(app.tempDir, "left"))]).toEqual([
      false,
      false,
      false,
    ]);
  });

  test("waits for an app that ends by itself on SIGTERM, and is a page of 503 for its visitors", async () => {
    const app = keeper.app(`${hello("ok")} import fs from "node:fs";
      process.on("SIGTERM", () => setTimeout(() => { fs.writeFileSync(process.env.HOME + "/farewell", "bye"); process.exit(0) }, 200))`);
    await keeper.deploy(app);
    await keeper.apply([{ ...app, desired: "stopped" }], [keeper.route(app, "shop", "stopped")]);
    await keeper.until(app, ({ state }) => state === "stopped");
    expect(readFileSync(join(app.homeDir, "farewell"), "utf8")).toBe("bye");
    const page = await get(await keeper.plainPort(), "/", { headers: { accept: "text/html" } });
    expect([page.status, page.headers["retry-after"], page.headers["content-type"]]).toEqual([
      503,
      "30",
      "text/html; charset=utf-8",
    ]);
    await keeper.deploy(app);
    expect((await get(await keeper.plainPort(), "/")).text).toBe("ok");
  });
});

test("a release that is given up at any moment of its start leaves nothing", async () => {
  for (const pauseMs of [0, 5, 15, 30, 60]) {
    const app = keeper.app(hello("ok"));
    await keeper.apply([app], [keeper.route(app)]);
    await delay(pauseMs);
    await keeper.apply([], []);
    await keeper.untilGone(app);
  }
});

describe("the desired state", () => {
  test("of an older generation is refused", async () => {
    await keeper.keeper.apply({ generation: 7, releases: [], routes: [] });
    await keeper.keeper.apply({ generation: 7, releases: [], routes: [] });
    await expect(keeper.keeper.apply({ generation: 6, releases: [], routes: [] })).rejects.toMatchObject({
      code: "conflict",
    });
  });

  test("that contradicts itself is refused whole", async () => {
    const app = keeper.app(hello("ok"));
    await expect(keeper.apply([app, app], [])).rejects.toMatchObject({ code: "invalid-input" });
    await expect(keeper.apply([], [keeper.route(app)])).rejects.toMatchObject({ code: "invalid-input" });
    expect((await keeper.keeper.status()).releases).toEqual([]);
  });

  test("given again changes nothing, not even with masks in another order", async () => {
    const app = keeper.app(hello("ok"), { secrets: ["one-secret", "two-secret"] });
    const { pid } = await keeper.deploy(app);
    await keeper.apply([{ ...app, secrets: ["two-secret", "one-secret"] }], [keeper.route(app)]);
    expect((await keeper.until(app, ({ state }) => state === "healthy")).pid).toBe(pid);
  });
});

describe("the keeper process", () => {
  test("is one per data folder, and only its owner can speak to it", async () => {
    const { pid } = await keeper.keeper.status();
    const others = await Promise.all(
      [1, 2, 3].map(() =>
        connectKeeper({ dataDir: keeper.dataDir, command: ["/bin/false"], signal: AbortSignal.timeout(5000) }),
      ),
    );
    expect(await Promise.all(others.map(async (other) => (await other.status()).pid))).toEqual([pid, pid, pid]);
    expect(statSync(join(keeper.dataDir, "keeper")).mode & 0o777).toBe(0o700);
    expect(statSync(join(keeper.dataDir, "keeper", "keeper.sock")).mode & 0o777).toBe(0o600);
  });

  test("started a second time by hand gives way to the first", async () => {
    const [node = "", script = ""] = keeperCommand;
    const second = spawn(node, ["--expose-gc", script, "--data", keeper.dataDir], { stdio: "ignore" });
    expect((await once(second, "exit"))[0]).toBe(75);
  });

  test("that was killed leaves apps that the next one ends; routes, ports and apps come back, no secret was stored", async () => {
    const app = keeper.app(hello("back"), { env: { TOKEN: "canary-4711" }, secrets: ["canary-4711"] });
    const before = await keeper.deploy(app);
    const plainPort = await keeper.plainPort();
    await keeper.killKeeper();
    expect(await isAlive(before.pid ?? 0)).toBe(true);

    await keeper.connect();
    expect((await keeper.keeper.status()).routes).toMatchObject([{ host: "shop", plainPort, releaseId: app.id }]);
    const waiting = get(plainPort, "/");
    await keeper.apply([app], [keeper.route(app)]);
    expect((await waiting).text).toBe("back");
    const after = await keeper.until(app, ({ state }) => state === "healthy");
    expect(await isAlive(before.pid ?? 0)).toBe(false);
    expect(after.pid).not.toBe(before.pid);
    const stored = readdirSync(keeper.dataDir, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const withSecret = stored.filter((entry) =>
      readFileSync(join(entry.parentPath, entry.name)).includes("canary-4711"),
    );
    expect(withSecret).toEqual([]);
  });

  test("and its apps outlive the process that started them", async () => {
    const dataDir = keeper.folder("outlived");
    const client = join(import.meta.dirname, "..", "keeper-client.ts");
    const script = `const { connectKeeper } = await import(${JSON.stringify(client)});
      await connectKeeper({ dataDir: ${JSON.stringify(dataDir)}, command: ${JSON.stringify(keeperCommand)}, signal: AbortSignal.timeout(20000) });
      console.log("ready"); setInterval(() => {}, 1000);`;
    const env = { ...process.env, CLOUDSMITH_TEST_PID: String(process.pid) };
    const agent = spawn(process.execPath, ["--input-type=module", "-e", script], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(agent.stdout, "data");
    const connect = () => connectKeeper({ dataDir, command: ["/bin/false"], signal: AbortSignal.timeout(20_000) });
    const app = keeper.app(hello("alive"));
    const { routes } = await (await connect()).apply({ generation: 1, releases: [app], routes: [keeper.route(app)] });
    agent.kill("SIGKILL");
    await once(agent, "exit");
    expect((await get(routes[0]?.plainPort ?? 0, "/")).text).toBe("alive");
    await (await connect()).shutdown();
  });

  test("killed twice in a row, the second time while it cleans up, leaves no orphan", async () => {
    const app = keeper.app(`${hello("ok")} process.on("SIGTERM", () => setTimeout(() => process.exit(), 1500));`);
    const { pid } = await keeper.deploy(app);
    await keeper.killKeeper();
    await keeper.connect();
    await keeper.killKeeper();
    await keeper.connect();
    await keeper.apply([app], [keeper.route(app)]);
    const after = await keeper.until(app, ({ state }) => state === "healthy");
    expect([after.pid === pid, await isAlive(pid ?? 0)]).toEqual([false, false]);
  });

  test("starts where its folder's path is too long for a socket", async () => {
    const dataDir = keeper.folder("deep/".repeat(30));
    const other = await connectKeeper({
      dataDir,
      command: keeperCommand,
      env: { ...process.env, CLOUDSMITH_TEST_PID: String(process.pid) },
      signal: AbortSignal.timeout(20_000),
    });
    const { pid } = await other.status();
    await other.shutdown();
    await waitFor(async () => !(await isAlive(pid)));
  });
});

test("a persistent folder keeps what the first release brought and later ones wrote", async () => {
  const dir = join(keeper.dataDir, "kept", "data");
  const source = `import fs from "node:fs"; ${server(`fs.readFileSync("data/note", "utf8") + (request.url === "/add" ? fs.appendFileSync("data/note", "+") ?? "" : "")`)}`;
  const withFolder = (note: string) => {
    const app = keeper.app(source);
    const cwd = keeper.folder(app.id, { "data/note": note });
    return { ...app, persist: { link: join(cwd, "data"), dir } };
  };
  const first = withFolder("first");
  await keeper.deploy(first);
  await get(await keeper.plainPort(), "/add");
  await keeper.deploy(withFolder("second"));
  expect((await get(await keeper.plainPort(), "/")).text).toBe("first+");
});
