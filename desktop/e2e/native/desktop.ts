import { _electron, expect, type ElectronApplication, type Page } from "@playwright/test";
import { Connection } from "@cloudsmith/contracts";
import type * as Electron from "electron";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { createAgentClient, type AgentClient } from "@cloudsmith/agent/src/client.ts";
import type { Bridge } from "../../src/bridge.ts";
import { killNow, processesOf } from "../../../journeys/support/processes.ts";

const desktop = join(import.meta.dirname, "..", "..");

/** Another Electron, or the installed app, that takes the tests: `E2E_ELECTRON=/path npm run test:desktop`. */
const chosen = process.env["E2E_ELECTRON"];
/** Told by `scripts/test-desktop.mjs`, which installs it. */
const electron22 = process.env["CLOUDSMITH_ELECTRON_22"] ?? "";

const isBareElectron = chosen === undefined || /^electron(\.exe)?$/i.test(basename(chosen));
// What the test's process exports is the function that the main process runs.
const watch: (electron: typeof Electron) => void = createRequire(import.meta.url)("./probe.cjs");

/** Which program is started, and what comes before the arguments of the app. */
function runner(): { program: string; args: string[] } {
  const probe = ["-r", join(import.meta.dirname, "probe.cjs")];
  if (chosen === undefined) {
    const compat = ["-r", join(desktop, "e2e", "electron-22", "compat.cjs")];
    return { program: electron22, args: [...compat, ...probe, join(desktop, "dist", "electron-22")] };
  }
  return { program: chosen, args: isBareElectron ? [...probe, desktop] : [] };
}

/** All that is started, by where it lies: a copy of these can be started from another place. */
export function startedFolders(): string[] {
  if (chosen !== undefined) return [dirname(chosen), ...(isBareElectron ? appFolders : [])];
  return [dirname(electron22), ...appFolders, ...compatModules()];
}

/** What the compatibility file needs. */
function compatModules(): string[] {
  const undici = createRequire(join(desktop, "package.json")).resolve("undici/package.json");
  // Its own file is asked for, since its package does not let its manifest be seen.
  const busboy = createRequire(undici).resolve("@fastify/busboy");
  return [dirname(undici), busboy.slice(0, busboy.lastIndexOf("busboy") + "busboy".length)];
}

const appFolders = ["dist/app", "dist/electron-22", "dist/renderer", "icons", "e2e/electron-22", "e2e/native"]
  .map((name) => join(desktop, name))
  .filter((folder) => existsSync(folder));

export interface StartOptions {
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** What the person chose before. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Keep connection tokens in the system's key store; else there is none. */
  readonly keyStore?: boolean;
  /** Started from elsewhere: the program that starts the given one, and where a path went. */
  readonly elsewhere?: { start(program: string): string; place(path: string): string };
}

/** What `seenByTests` of the probe is. */
export interface Seen {
  lines(): string[];
  choose(...labels: string[]): void;
  chooseById(id: string): boolean;
}

declare global {
  // Made by `probe.cjs` in the main process.
  var seenByTests: Seen;
  interface Window {
    readonly cloudsmith?: Bridge;
  }
}

/** A computer of its own for one test file: folders of the app and of the agent; both end with it. */
export class Desktop {
  readonly root = mkdtempSync(join(tmpdir(), "cloudsmith-desktop-"));
  readonly home = this.folder("home");
  readonly config = this.folder("config");
  #app: ElectronApplication | undefined;

  folder(...names: string[]): string {
    const path = join(this.root, ...names);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  }

  get app(): ElectronApplication {
    if (this.#app === undefined) throw new Error("The app was not started");
    return this.#app;
  }

  readFile(...names: string[]): string {
    return readFileSync(join(this.root, ...names), "utf8");
  }

  hasFile(...names: string[]): boolean {
    return existsSync(join(this.root, ...names));
  }

  /** The app's own files, such as `windows.json`. */
  file(name: string): string {
    return join(this.config, "CloudSmith", name);
  }

  environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    const inherited = Object.entries(process.env).filter(([name]) => !/^(CLOUDSMITH|ELECTRON|NODE_OPTIONS)/.test(name));
    return {
      ...Object.fromEntries(inherited.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
      CLOUDSMITH_HOME: this.home,
      XDG_CONFIG_HOME: this.config,
      ...more,
    };
  }

  /** Starts the app and waits for its main process; `window` is its first window. */
  async start(options: StartOptions = {}): Promise<ElectronApplication> {
    const { program, args } = runner();
    const settings = { withoutKeyStore: "until-quit", toldOfTray: true, ...options.settings };
    this.folder("config", "CloudSmith");
    writeFileSync(this.file("settings.json"), JSON.stringify(settings));
    const { elsewhere } = options;
    const isRoot = process.getuid?.() === 0 && elsewhere === undefined;
    this.#app = await _electron.launch({
      executablePath: elsewhere?.start(program) ?? program,
      // Playwright switches the sandbox off where this is not said.
      chromiumSandbox: !isRoot,
      args: [
        ...(isRoot ? ["--no-sandbox"] : []),
        ...(options.keyStore === true ? [] : ["--password-store=basic"]),
        ...args.map((arg) => elsewhere?.place(arg) ?? arg),
        ...(options.args ?? []),
      ],
      env: this.environment(options.environment),
      timeout: 30_000,
    });
    const log = join(this.root, "electron.log");
    for (const stream of [this.#app.process().stdout, this.#app.process().stderr])
      // The last words may come when its folder is gone.
      stream?.on("data", (chunk: Buffer) => existsSync(this.root) && writeFileSync(log, chunk, { flag: "a" }));
    if (!isBareElectron) await this.#watch();
    return this.#app;
  }

  /** Has a packaged app, which loads nothing else, run the probe; then has it make its tray menu anew. */
  async #watch(): Promise<void> {
    await this.app.evaluate(watch);
    const toggle = (): Promise<boolean> =>
      this.app.evaluate(() => globalThis.seenByTests.chooseById("pause-notifications"));
    await expect.poll(toggle, { timeout: 20_000 }).toBe(true);
    await toggle();
  }

  /** The arguments of a further start, as the system makes it for a link or a folder. */
  secondStart(...args: string[]): { program: string; args: string[] } {
    const { program, args: own } = runner();
    return { program, args: [...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), ...own, ...args] };
  }

  /** The first window whose address has this in it. */
  async window(part: string): Promise<Page> {
    await expect
      .poll(() => this.app.windows().some((page) => page.url().includes(part)), { timeout: 30_000 })
      .toBe(true);
    const page = this.app.windows().find((each) => each.url().includes(part));
    if (page === undefined) throw new Error(`No window shows ${part}`);
    return page;
  }

  /** The main window, with its page there. */
  async main(): Promise<Page> {
    const page = await this.app.firstWindow();
    await page.getByRole("navigation").first().waitFor();
    return page;
  }

  /** Asks the probe in the main process. */
  async trayLines(): Promise<string[]> {
    return this.app.evaluate(() => globalThis.seenByTests.lines());
  }

  /** What the tray says first. */
  async headline(): Promise<string> {
    return (await this.trayLines())[1] ?? "";
  }

  async choose(...labels: string[]): Promise<void> {
    await this.app.evaluate((_electron_, chosenLabels) => globalThis.seenByTests.choose(...chosenLabels), labels);
  }

  async chooseMenu(id: string): Promise<void> {
    await this.app.evaluate((_electron_, item) => void globalThis.seenByTests.chooseById(item), id);
  }

  connection(): Connection | undefined {
    try {
      return Connection.parse(JSON.parse(readFileSync(join(this.home, "agent.json"), "utf8")));
    } catch {
      return undefined;
    }
  }

  /** The agent that the app found or started. */
  async agent(): Promise<Connection> {
    await expect.poll(() => this.connection() !== undefined, { timeout: 30_000 }).toBe(true);
    const connection = this.connection();
    if (connection === undefined) throw new Error("There is no agent");
    return connection;
  }

  async client(): Promise<AgentClient> {
    return createAgentClient(await this.agent());
  }

  /** Ends the app as a person does; windows and settings are on disk afterwards. */
  async quit(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.app.process().once("exit", () => resolve()));
    await this.app.evaluate(({ app }) => app.quit()).catch(() => undefined);
    await ended;
    this.#app = undefined;
  }

  /** Ends the app as a crash does. */
  async kill(): Promise<void> {
    const running = this.app.process();
    const ended = new Promise<void>((resolve) => running.once("exit", () => resolve()));
    running.kill("SIGKILL");
    await ended;
    this.#app = undefined;
  }

  /** Leads the main window to a page, as a menu does. */
  async lead(path: string): Promise<Page> {
    const page = await this.main();
    await page.evaluate((where) => Reflect.get(globalThis, "cloudsmith").openPage(where), path);
    await expect.poll(() => page.url()).toBe(`app://launchboard${path}`);
    return page;
  }

  /** Titles of all windows, as the system shows them. */
  async titles(): Promise<string[]> {
    return this.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.getTitle()));
  }

  async addresses(): Promise<string[]> {
    return this.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((window) => window.webContents.getURL()),
    );
  }

  /** Where the window is whose address has this in it. */
  async bounds(part: string): Promise<{ x: number; y: number; width: number; height: number } | undefined> {
    return this.app.evaluate(
      ({ BrowserWindow }, text) =>
        BrowserWindow.getAllWindows()
          .find((window) => window.webContents.getURL().includes(text))
          ?.getNormalBounds(),
      part,
    );
  }

  /** Ends everything that belongs to this computer. */
  async [Symbol.asyncDispose](): Promise<void> {
    const running = this.#app?.process();
    if (running !== undefined && running.exitCode === null && running.signalCode === null) await this.kill();
    for (const { pid } of processesOf(this.root)) killNow(pid);

    rmSync(this.root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}
