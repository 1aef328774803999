import { expect, test } from "@playwright/test";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { deploy, settled, staticSite } from "./apps.ts";
import { Desktop } from "./desktop.ts";

test.describe.configure({ mode: "serial" });
const desktop = new Desktop();
test.afterAll(() => desktop[Symbol.asyncDispose]());

/** Addresses that the app gave to the system's browser. */
const opened = (): Promise<string[]> => desktop.app.evaluate(() => Reflect.get(globalThis, "opened"));

test.beforeAll(async () => {
  // In a file, where the test can read what the session's token is.
  await desktop.start({ settings: { withoutKeyStore: "plain-file" } });
  await desktop.main();
  await desktop.app.evaluate(({ shell }) => {
    const addresses: string[] = [];
    Object.assign(globalThis, { opened: addresses });
    Object.assign(shell, { openExternal: async (address: string) => void addresses.push(address) });
  });
});

test("every window is sandboxed and isolated, without Node, webviews, or anything insecure switched on", async () => {
  const page = await desktop.main();
  await page.evaluate(() => window.cloudsmith?.openDeploymentWindow("dep_01k0abcdefghjkmnpqrstvwxyz"));
  await desktop.window("/deployments/");
  const preferences = await desktop.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((window) =>
      Reflect.get(window.webContents, "getLastWebPreferences").call(window.webContents),
    ),
  );
  expect(preferences).toHaveLength(2);
  for (const each of preferences) {
    expect(each).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    });
    expect(each).not.toMatchObject({ allowRunningInsecureContent: true });
    expect(each).not.toMatchObject({ experimentalFeatures: true });
    expect(each.enableBlinkFeatures ?? "").toBe("");
  }
  const reach = await page.evaluate(() => [
    typeof Reflect.get(globalThis, "require"),
    typeof Reflect.get(globalThis, "process"),
    typeof Reflect.get(globalThis, "module"),
  ]);
  expect(reach).toEqual(["undefined", "undefined", "undefined"]);
});

test("the bridge is functions and two names, nothing of Electron's", async () => {
  const page = await desktop.main();
  const kinds = await page.evaluate(() =>
    Object.fromEntries(Object.entries(window.cloudsmith ?? {}).map(([name, value]) => [name, typeof value])),
  );
  const { platform, version, ...calls } = kinds;
  expect([platform, version]).toEqual(["string", "string"]);
  expect(new Set(Object.values(calls))).toEqual(new Set(["function"]));
});

test("arguments are parsed: anything else is refused before it does anything", async () => {
  const page = await desktop.main();
  const refusals = await page.evaluate(async () => {
    const bridge = window.cloudsmith;
    const call = (name: string, ...args: unknown[]): Promise<unknown> =>
      Reflect.apply(Reflect.get(bridge ?? {}, name), bridge, args);
    const tries: [string, ...unknown[]][] = [
      ["openExternal", "file:///etc/passwd"],
      ["openExternal", "javascript:alert(1)"],
      ["openExternal", "http://example.org/"],
      ["openDeploymentWindow", "../../etc"],
      ["openDeploymentWindow", { id: 1 }],
      ["setCompact", "yes"],
      ["settings", { notificationsPaused: true, home: "/" }],
      ["autostart", "on"],
    ];
    return Promise.all(
      tries.map(async ([name, ...args]) =>
        call(name, ...args).then(
          () => `${name} was done`,
          (error: Error) => error.message,
        ),
      ),
    );
  });
  expect(refusals.filter((text) => text.endsWith("was done"))).toEqual([]);
  expect(await opened()).toEqual([]);
});

test("only https and apps on this computer are opened in the browser", async () => {
  const page = await desktop.main();
  await page.evaluate(() => window.cloudsmith?.openExternal("https://github.com/acme/shop"));
  await page.evaluate(() => void window.open("http://shop.localhost:7070/"));
  await page.evaluate(() => void window.open("http://example.org/"));
  await page.evaluate(() => void window.open("file:///etc/passwd"));
  await page.evaluate(() => void window.open("app://launchboard/activity"));
  await expect.poll(opened).toEqual(["https://github.com/acme/shop", "http://shop.localhost:7070/"]);
  expect(desktop.app.windows()).toHaveLength(2);
});

test("every permission is denied but copying text", async () => {
  const page = await desktop.main();
  const states = await page.evaluate(async () => {
    const names = ["geolocation", "notifications", "camera", "microphone", "clipboard-read", "midi", "background-sync"];
    return Promise.all(
      names.map(async (name) => (await navigator.permissions.query({ name: name as PermissionName })).state),
    );
  });
  expect(new Set(states)).toEqual(new Set(["denied"]));
  expect(await page.evaluate(() => Notification.requestPermission())).toBe("denied");
});

test("the content security policy stops scripts, frames, images and requests of anybody else", async () => {
  const page = await desktop.main();
  const server = createServer((_request, response) =>
    response.setHeader("access-control-allow-origin", "*").end("hello"),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  let asked = 0;
  server.on("request", () => (asked += 1));
  const outcome = await page.evaluate(async (other) => {
    Object.assign(globalThis, { ran: false });
    const inline = document.createElement("script");
    inline.textContent = "globalThis.ran = true";
    document.body.append(inline);
    const frame = document.createElement("iframe");
    frame.src = other;
    const image = new Image();
    image.src = `${other}/picture.png`;
    document.body.append(frame, image);
    const asks = await fetch(other).then(
      () => "answered",
      () => "blocked",
    );
    // In a task of the page's own: what the test's protocol runs is let evaluate.
    const evaluates = await new Promise<string>((resolve) => {
      setTimeout(() => {
        try {
          Reflect.construct(Function, ["return 1"]);
          resolve("ran");
        } catch {
          resolve("blocked");
        }
      });
    });
    return { ran: Reflect.get(globalThis, "ran"), asks, evaluates };
  }, `http://127.0.0.1:${port}`);
  expect(outcome).toEqual({ ran: false, asks: "blocked", evaluates: "blocked" });
  expect(asked).toBe(0);
  server.close();
});

test("a hostile line in a log is text", async () => {
  const client = await desktop.client();
  const folder = staticSite(desktop.root, "hostile");
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: "hostile", private: true, scripts: { build: "node build.js", start: "node build.js" } }),
  );
  writeFileSync(join(folder, "cloudsmith.json"), JSON.stringify({ install: null }));
  writeFileSync(
    join(folder, "build.js"),
    `console.log("<img src=x onerror=globalThis.owned=true><script>globalThis.owned=true</script>"); process.exit(1)`,
  );
  const deployment = await settled(client, await deploy(client, folder));
  const page = await desktop.main();
  await page.evaluate((id) => window.cloudsmith?.openDeploymentWindow(id), deployment.id);
  const window_ = await desktop.window(deployment.id);
  await window_.evaluate(() => window.cloudsmith?.setCompact(false));
  await expect(window_.getByText("<img src=x onerror=globalThis.owned=true>").first()).toBeVisible();
  expect(await window_.evaluate(() => Reflect.get(globalThis, "owned"))).toBeUndefined();
});

test("the tokens are nowhere in the page's memory, in what it is answered, or in its storage", async () => {
  const page = await desktop.main();
  const session = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  session.on("HeapProfiler.addHeapSnapshotChunk", ({ chunk }) => chunks.push(chunk));
  await page.evaluate(() => fetch("/api/projects").then((answer) => answer.text()));
  await session.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  const heap = chunks.join("");
  expect(heap).toContain("launchboard");
  const { token } = await desktop.agent();
  const { local } = JSON.parse(desktop.readFile("config", "CloudSmith", "tokens.json"));
  expect(local.value.length).toBeGreaterThan(20);
  for (const secret of [token, local.value, "Bearer "]) expect(heap.includes(secret)).toBe(false);
  const stored = await page.evaluate(() =>
    JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie]),
  );
  for (const secret of [token, local.value]) expect(stored).not.toContain(secret);
});

test("a page cannot send the app elsewhere", async () => {
  const page = await desktop.main();
  for (const address of ["https://example.org/", "file:///etc/passwd", "app://other/"])
    await desktop.app.evaluate(({ BrowserWindow }, where) => {
      const window = BrowserWindow.getAllWindows().find((each) => !each.webContents.getURL().includes("/deployments/"));
      void window?.webContents.executeJavaScript(`location.href = ${JSON.stringify(where)}`);
    }, address);
  await expect.poll(opened).toContain("https://example.org/");
  const addresses = await desktop.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((window) => window.webContents.getURL()),
  );
  expect(addresses.every((address) => address.startsWith("app://launchboard/"))).toBe(true);
  expect(page.isClosed()).toBe(false);
});
