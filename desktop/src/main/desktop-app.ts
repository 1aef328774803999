import { app, dialog, session, shell, type BrowserWindow } from "electron";
import { installationFiles } from "@cloudsmith/contracts";
import { join } from "node:path";
import type { UpdateStatus } from "../bridge.ts";
import { channel, versionArgument } from "../ipc.ts";
import { makeCore } from "./core.ts";
import { TeamFollower } from "./follow/team-follower.ts";
import { emptyTeam, type TeamState } from "./follow/team-state.ts";
import { followLink } from "./links/follow-link.ts";
import type { Start } from "./links/starts.ts";
import { appOrigin, serveApp } from "./pages/app-protocol.ts";
import { requestHandlers } from "./shell/request-handlers.ts";
import { answerRequests } from "./shell/ipc-handlers.ts";
import { loginItem } from "./shell/login-item.ts";
import type { MenuAction } from "./shell/menu-template.ts";
import { tell } from "./shell/notifications.ts";
import { tellOutcome } from "./shell/tell-outcome.ts";
import type { Settings } from "./shell/settings.ts";
import { Surfaces } from "./shell/surfaces.ts";
import { startUpdates, updateText, type Updates } from "./shell/updates.ts";
import { windowIcon } from "./tray/icons.ts";
import type { TrayAction } from "./tray/tray-model.ts";
import { AppWindows } from "./windows/app-windows.ts";
import { routes } from "./windows/routes.ts";
import { guardSession, openExternally } from "./windows/web-guard.ts";

/** The app as a whole: puts the parts together and passes between them what happens. */
export class DesktopApp {
  readonly #core = makeCore(() => this.#team.isLive && this.#team.running.size === 0);
  readonly #windows: AppWindows;
  readonly #login = loginItem();
  readonly #follower: TeamFollower;
  #surfaces: Surfaces | undefined;
  #updates: Updates | undefined;
  #team: TeamState = emptyTeam(new Date().toISOString());
  #ready = false;
  #quitting = false;
  /** What was asked for before the app was ready. */
  readonly #waiting: { start: Start; show: boolean }[] = [];

  constructor() {
    const { version, windowState, gateway } = this.#core;
    this.#windows = new AppWindows({
      origin: appOrigin,
      preload: join(import.meta.dirname, "..", "preload", "preload.cjs"),
      icon: windowIcon,
      devTools: !app.isPackaged,
      version,
      versionArgument,
      state: windowState,
      onNavigate: navigate,
      onSeen: (id) => this.#follower.seen(id),
      onMainClosed: () => this.#tellOfTray(),
    });
    this.#follower = new TeamFollower({
      send: (request) => gateway.handle(request),
      onChange: (state) => {
        this.#team = state;
        this.#refresh();
      },
      onTrouble: (error) => process.stderr.write(`Following the team: ${String(error)}\n`),
      onOutcome: (deployment) => {
        this.#windows.showOutcome(this.#team, deployment, Date.now());
        void tellOutcome(deployment, {
          client: this.#follower.client,
          team: this.#team,
          windows: this.#windows,
          paused: this.#core.settings.value.notificationsPaused,
        });
      },
    });
  }

  async start({ hidden, first }: { hidden: boolean; first: Start }): Promise<void> {
    const { supervisor, gateway } = this.#core;
    supervisor.onStatus((status) => {
      this.#windows.send(channel("agent"), status);
      this.#refresh();
    });
    // The agent starts while Electron does.
    void supervisor.run();
    await app.whenReady();
    guardSession(session.defaultSession, appOrigin);
    serveApp(session.defaultSession, join(import.meta.dirname, "..", "..", "renderer"), gateway);
    answerRequests(
      requestHandlers({
        core: this.#core,
        windows: this.#windows,
        login: this.#login,
        changeSettings: (change) => this.#change(change),
        updates: (look) => this.#updateStatus(look),
        restartToUpdate: () => this.#restartToUpdate(),
      }),
      appOrigin,
    );
    app.on("before-quit", (event) => this.#onQuit(event));
    this.#windows.restore(!hidden);
    this.#ready = true;
    this.handle(first, { show: false });
    for (const { start, show } of this.#waiting.splice(0)) this.handle(start, { show });
    this.#surfaces = new Surfaces({
      windows: this.#windows,
      onTray: (action) => this.#onTray(action),
      onMenu: (action) => this.#onMenu(action),
    });
    this.#refresh();
    setInterval(() => this.#team.running.size > 0 && this.#refresh(), 1000).unref();
    this.#updates = await startUpdates({
      isIdle: () => this.#isQuiet(),
      onChange: () => this.#refresh(),
      beforeRestart: () => this.#leave(),
    });
    await this.#follower.run();
  }

  /** What a start, a link or a drop asks for; a second start without anything shows the main window. */
  handle(start: Start, { show }: { show: boolean }): void {
    if (!this.#ready) {
      this.#waiting.push({ start, show });
      return;
    }
    const { links, folder } = start;
    if (folder !== undefined) this.#windows.showMain(routes.newFromFolder(folder));
    else if (show && links.length === 0) this.#windows.showMain();
    for (const link of links) void followLink(link, this.#windows);
  }

  #refresh(): void {
    this.#surfaces?.show({
      agent: this.#core.supervisor.status,
      team: this.#team,
      settings: this.#core.settings.value,
      autostart: this.#login.isOn(),
      update: this.#readyUpdate(),
    });
  }

  /** Nothing is being deployed: that is known of an agent that is followed, and of one that does not run. */
  #isQuiet(): boolean {
    const isKnown = this.#team.isLive || this.#core.supervisor.status.state !== "running";
    return isKnown && this.#team.running.size === 0;
  }

  #change(change: Partial<Settings>): void {
    const { settings } = this.#core;
    settings.set({ ...settings.value, ...change });
    this.#refresh();
  }

  #onTray(action: TrayAction): void {
    switch (action.type) {
      case "open-main":
        this.#windows.showMain(action.path);
        return;
      case "open-deployment":
        this.#windows.showDeployment(action.id);
        return;
      case "open-url":
        openExternally(action.url);
        return;
      case "deploy-again":
        void this.#deployAgain(action);
        return;
      case "pause-notifications":
        this.#change({ notificationsPaused: action.on });
        return;
      case "retry-agent":
        this.#core.supervisor.retry();
        return;
      case "restart-to-update":
        void this.#restartToUpdate();
        return;
      case "quit":
        app.quit();
    }
  }

  #onMenu(action: MenuAction): void {
    switch (action.type) {
      case "open":
        this.#windows.showMain(action.path);
        return;
      case "open-folder":
        void this.#openFolder();
        return;
      case "settings":
        this.#change(action.change);
        return;
      case "autostart":
        void this.#login.set(action.on).then(() => this.#refresh());
        return;
      case "agent-log":
        void shell.openPath(join(this.#core.home, installationFiles.agentLog));
        return;
      case "api-reference":
        openExternally(`${this.#core.supervisor.current?.url ?? ""}/api`);
        return;
      case "check-updates":
        void this.#lookForUpdates();
        return;
      case "quit":
        app.quit();
    }
  }

  async #deployAgain(where: { project: string; environment: string }): Promise<void> {
    try {
      const { project, environment } = where;
      const deployment = await this.#follower.client.deployments.redeploy({ project, environment });
      this.#windows.showDeployment(deployment.id);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      tell({ title: `${where.project} was not deployed`, body: why }, windowIcon, () =>
        this.#windows.showMain(routes.project(where.project)),
      );
    }
  }

  async #openFolder(): Promise<void> {
    const { filePaths } = await dialog.showOpenDialog({ properties: ["openDirectory"], buttonLabel: "Deploy" });
    const [folder] = filePaths;
    if (folder !== undefined) this.#windows.showMain(routes.newFromFolder(folder));
  }

  async #updateStatus(look: boolean): Promise<UpdateStatus> {
    if (this.#updates === undefined) return { state: "unsupported" };
    return look ? this.#updates.look() : this.#updates.status;
  }

  /** Version that is downloaded and waits for a restart. */
  #readyUpdate(): string | undefined {
    const status = this.#updates?.status;
    return status?.state === "ready" ? status.version : undefined;
  }

  async #lookForUpdates(): Promise<void> {
    const message = updateText(await this.#updateStatus(true), this.#core.version);
    await dialog.showMessageBox({ type: "info", title: "CloudSmith", message });
  }

  async #restartToUpdate(): Promise<boolean> {
    const restarts = (await this.#updates?.restart()) === true;
    if (!restarts && this.#readyUpdate() !== undefined)
      tell(
        { title: "The update waits", body: "Something is being deployed; restart when it is done" },
        windowIcon,
        () => this.#windows.showMain(),
      );
    return restarts;
  }

  /** Said once, since closing the last window otherwise looks like quitting. */
  #tellOfTray(): void {
    if (this.#core.settings.value.toldOfTray || process.platform === "darwin") return;
    this.#change({ toldOfTray: true });
    tell(
      { title: "CloudSmith is still here", body: "It lives in the tray and tells when a deployment is done" },
      windowIcon,
      () => this.#windows.showMain(),
    );
  }

  #onQuit(event: { preventDefault(): void }): void {
    this.#windows.quitting();
    if (this.#quitting) return;
    event.preventDefault();
    this.#quitting = true;
    const stopsAgent = this.#core.settings.value.onQuit === "stop-agent";
    const ended = stopsAgent ? this.#core.supervisor.end("keep") : Promise.resolve();
    void ended.then(() => this.#leave()).finally(() => app.quit());
  }

  /** Lets go of everything; what is remembered is on disk afterwards. */
  async #leave(): Promise<void> {
    const { supervisor, settings, windowState } = this.#core;
    this.#quitting = true;
    this.#windows.quitting();
    this.#follower.close();
    supervisor.close();
    this.#surfaces?.close();
    await Promise.all([settings.written(), windowState.written()]);
  }
}

/** Leads the page of a window to an address; one that is still loading hears of it when it is there. */
function navigate({ webContents }: BrowserWindow, path: string): void {
  const send = (): void => webContents.send(channel("navigate"), path);
  if (webContents.isLoadingMainFrame()) webContents.once("did-finish-load", send);
  else send();
}
