import { screen, type BrowserWindow } from "electron";
import type { Deployment } from "@cloudsmith/contracts";
import { lookOf, stageAndTime } from "../follow/progress.ts";
import { placeName, placeOf, type TeamState } from "../follow/team-state.ts";
import type { JsonFile } from "../json-file.ts";
import { openPageWindow } from "./browser-window.ts";
import { overlayIcon } from "../tray/icons.ts";
import { cascade, place } from "./placement.ts";
import { recoverPage } from "./recover-page.ts";
import { deploymentOf, routes } from "./routes.ts";
import type { WindowState } from "./window-state.ts";

export interface AppWindowsOptions {
  readonly origin: string;
  readonly preload: string;
  readonly icon: string;
  readonly devTools: boolean;
  readonly version: string;
  readonly state: JsonFile<WindowState>;
  readonly onNavigate: (window: BrowserWindow, path: string) => void;
  /** A person looks at this deployment now. */
  readonly onSeen: (deploymentId: string) => void;
  readonly onMainClosed: () => void;
  readonly versionArgument: string;
}

const mainSize = { width: 1180, height: 780 } as const;
const mainLeast = { minWidth: 720, minHeight: 480 } as const;
const compactSize = { width: 420, height: 240 } as const;
const fullSize = { width: 900, height: 640 } as const;

/** All windows: the main one, and one for each deployment that a person follows. Their places outlive the app. */
export class AppWindows {
  readonly #options: AppWindowsOptions;
  #main: BrowserWindow | undefined;
  readonly #deployments = new Map<string, BrowserWindow>();
  /** Windows whose title tells how their deployment goes; until then it is the page's. */
  readonly #followed = new WeakSet<BrowserWindow>();
  /** While the app quits its windows close, but come back at the next start. */
  #quitting = false;

  constructor(options: AppWindowsOptions) {
    this.#options = options;
  }

  /** Opens what was open when the app ended. */
  restore(showMain: boolean): void {
    const { main, deployments } = this.#options.state.value;
    if (showMain && (main.open || deployments.length === 0)) this.showMain();
    if (showMain) for (const { id, compact } of deployments) this.showDeployment(id, compact);
  }

  /** Brings the main window to the front, on a page where one is named. */
  showMain(path?: string): BrowserWindow {
    const window = this.#main ?? this.#openMain(path);
    if (this.#main !== undefined && path !== undefined) this.#options.onNavigate(window, path);
    this.#main = window;
    toFront(window);
    return window;
  }

  /** Brings the window of a deployment to the front, as it is or as it is asked for; a new one is small. */
  showDeployment(id: string, compact?: boolean): BrowserWindow {
    const there = this.#deployments.get(id);
    const window = there ?? this.#openDeployment(id, compact ?? true);
    if (there !== undefined && compact !== undefined) {
      this.setCompact(there, compact);
      this.#options.onNavigate(there, routes.deploymentWindow(id, compact));
    }
    toFront(window);
    return window;
  }

  /** The deployment's window that a page belongs to becomes small or full; nothing where it is another window. */
  setCompact(window: BrowserWindow, compact: boolean): void {
    const id = this.#deploymentIn(window);
    if (id === undefined) return;
    const { width, height } = compact ? compactSize : fullSize;
    window.setBounds({ ...window.getBounds(), width, height });
    this.#remember((state) => ({
      ...state,
      deployments: state.deployments.map((each) => (each.id === id ? { ...each, compact } : each)),
    }));
  }

  /** The deployment that the focused window shows. */
  inView(): string | undefined {
    const focused = this.#all().find((window) => window.isFocused() && window.isVisible());
    return focused === undefined ? undefined : deploymentOf(focused.webContents.getURL());
  }

  /** Titles, taskbar buttons and overlays follow the deployments. */
  show(team: TeamState, now: number): void {
    for (const [id, window] of this.#deployments) {
      const deployment = team.running.get(id);
      if (deployment !== undefined) this.#follow(window, team, deployment, now);
    }
    const running = team.running.size;
    this.#main?.setTitle(running === 0 ? "CloudSmith" : `CloudSmith: ${running} running`);
    this.#main?.setProgressBar(running === 0 ? -1 : overall(team));
  }

  /** How a deployment ended, on its window. */
  showOutcome(team: TeamState, deployment: Deployment, now: number): void {
    const window = this.#deployments.get(deployment.id);
    if (window !== undefined) this.#follow(window, team, deployment, now);
  }

  #follow(window: BrowserWindow, team: TeamState, deployment: Deployment, now: number): void {
    this.#followed.add(window);
    showState(window, team, deployment, now);
  }

  /** The app ends: windows may go, their places stay remembered. */
  quitting(): void {
    this.#quitting = true;
  }

  send(channel: string, payload: unknown): void {
    for (const window of this.#all()) window.webContents.send(channel, payload);
  }

  #deploymentIn(window: BrowserWindow): string | undefined {
    return [...this.#deployments].find(([, each]) => each === window)?.[0];
  }

  /** The window goes on with another deployment, such as the one that a redeploy made; the older one has none any more. */
  #turnTo(window: BrowserWindow, next: string): void {
    const before = this.#deploymentIn(window);
    if (before === undefined || before === next) return;
    this.#deployments.get(next)?.close();
    this.#deployments.delete(before);
    this.#deployments.set(next, window);
    window.setProgressBar(-1);
    this.#remember((state) => ({
      ...state,
      deployments: state.deployments
        .filter(({ id }) => id !== next)
        .map((each) => (each.id === before ? { ...each, id: next } : each)),
    }));
    this.#followed.delete(window);
    this.#looked(window);
  }

  #all(): BrowserWindow[] {
    return [...(this.#main === undefined ? [] : [this.#main]), ...this.#deployments.values()];
  }

  #openMain(path: string | undefined): BrowserWindow {
    const saved = this.#options.state.value.main;
    const bounds = place(saved.bounds ?? {}, mainSize, workAreas());
    const window = this.#open(path ?? saved.path, { ...bounds, ...mainLeast, title: "CloudSmith" });
    if (saved.maximized) window.maximize();
    this.#remember((state) => ({ ...state, main: { ...state.main, open: true } }));
    this.#keepPlace(window, (now) => this.#remember((state) => ({ ...state, main: { ...state.main, ...now } })));
    window.webContents.on("did-navigate-in-page", () => {
      const { pathname, search } = new URL(window.webContents.getURL());
      this.#remember((state) => ({ ...state, main: { ...state.main, path: pathname + search } }));
      this.#looked(window);
    });
    window.on("closed", () => {
      this.#main = undefined;
      if (this.#quitting) return;
      this.#remember((state) => ({ ...state, main: { ...state.main, open: false } }));
      this.#options.onMainClosed();
    });
    return window;
  }

  #openDeployment(id: string, compact: boolean): BrowserWindow {
    const saved = this.#options.state.value.deployments.find((each) => each.id === id);
    const size = compact ? compactSize : fullSize;
    const areas = workAreas();
    const fresh = cascade(place({}, size, areas), this.#deployments.size);
    const bounds = place(saved?.bounds ?? fresh, size, areas);
    const window = this.#open(routes.deploymentWindow(id, compact), {
      ...bounds,
      minWidth: 320,
      minHeight: 180,
      title: "Deployment",
    });
    this.#deployments.set(id, window);
    const entry = { id, compact, ...(saved?.bounds !== undefined && { bounds: saved.bounds }) };
    this.#remember((state) => ({
      ...state,
      deployments: [...state.deployments.filter((each) => each.id !== id), entry].slice(-50),
    }));
    this.#keepPlace(window, ({ bounds: now }) => {
      const current = this.#deploymentIn(window);
      this.#remember((state) => ({
        ...state,
        deployments: state.deployments.map((each) => (each.id === current ? { ...each, bounds: now } : each)),
      }));
    });
    window.webContents.on("did-navigate-in-page", () => {
      const next = deploymentOf(window.webContents.getURL());
      if (next !== undefined) this.#turnTo(window, next);
    });
    window.on("page-title-updated", (_event, title) => {
      if (!this.#followed.has(window)) window.setTitle(title);
    });
    window.on("closed", () => {
      const last = this.#deploymentIn(window);
      if (last === undefined) return;
      this.#deployments.delete(last);
      if (this.#quitting) return;
      this.#remember((state) => ({ ...state, deployments: state.deployments.filter((each) => each.id !== last) }));
    });
    return window;
  }

  #open(path: string, options: Electron.BrowserWindowConstructorOptions): BrowserWindow {
    const { origin, preload, icon, devTools, version, versionArgument } = this.#options;
    const window = openPageWindow({
      url: origin + path,
      preload,
      icon,
      devTools,
      versionArgument: versionArgument + version,
      ...options,
    });
    recoverPage(window);
    // Titles are the app's own, since they follow the deployment.
    window.on("page-title-updated", (event) => event.preventDefault());
    window.on("focus", () => this.#looked(window));
    return window;
  }

  #looked(window: BrowserWindow): void {
    const id = window.isFocused() ? deploymentOf(window.webContents.getURL()) : undefined;
    if (id !== undefined) this.#options.onSeen(id);
  }

  #keepPlace(window: BrowserWindow, keep: (now: { bounds: Electron.Rectangle; maximized: boolean }) => void): void {
    let timer: NodeJS.Timeout | undefined;
    const moved = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (!window.isDestroyed()) keep({ bounds: window.getNormalBounds(), maximized: window.isMaximized() });
      }, 200);
    };
    window.on("resize", moved);
    window.on("move", moved);
  }

  #remember(change: (state: WindowState) => WindowState): void {
    this.#options.state.set(change(this.#options.state.value));
  }
}

function showState(window: BrowserWindow, team: TeamState, deployment: Deployment, now: number): void {
  const look = lookOf(deployment.state);
  const what = placeName(placeOf(team, deployment));
  window.setTitle(look.mark === "running" ? `${what}: ${stageAndTime(deployment, now)}` : `${what}: ${look.word}`);
  window.setProgressBar(look.progress, { mode: look.mark === "failed" ? "error" : "normal" });
  const overlay = overlayIcon(look.mark);
  // Only Windows has overlays on taskbar buttons.
  if (process.platform === "win32") window.setOverlayIcon(overlay ?? null, look.word);
}

/** The least advanced deployment is how far all of them are. */
function overall({ running }: TeamState): number {
  return Math.min(...[...running.values()].map(({ state }) => lookOf(state).progress));
}

function workAreas(): Electron.Rectangle[] {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
  return [primary, ...others].map(({ workArea }) => workArea);
}

function toFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  if (window.webContents.isLoadingMainFrame() && !window.isVisible()) window.once("ready-to-show", () => window.show());
  else window.show();
  window.focus();
}
