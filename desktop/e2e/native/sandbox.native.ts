import { expect, test } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { Desktop, startedFolders, type StartOptions } from "./desktop.ts";

/** Somebody who is not root; no account is needed for that. */
const somebody = 65_534;

/** A copy of all that is started, which somebody else can read, and a script that starts it as that user. */
function asSomebodyElse(desktop: Desktop): NonNullable<StartOptions["elsewhere"]> {
  const copy = desktop.folder("copy");
  // Where it lies below the root of the system is kept, so that what looks for its neighbours finds them.
  const place = (path: string): string => (isAbsolute(path) ? join(copy, path) : path);
  for (const folder of startedFolders()) cpSync(folder, place(folder), { recursive: true });
  const screen = join(desktop.root, "screen");
  cpSync(process.env["XAUTHORITY"] ?? "", screen);
  const run = desktop.folder("run");
  desktop.folder("config", "CloudSmith");
  execFileSync("chown", ["-R", `${somebody}:${somebody}`, screen, run, desktop.home, desktop.config]);
  execFileSync("chmod", ["-R", "a+rX", desktop.root]);
  const environment = `XAUTHORITY=${screen} HOME=${desktop.home} XDG_RUNTIME_DIR=${run} DBUS_SESSION_BUS_ADDRESS=disabled:`;
  const user = `setpriv --reuid=${somebody} --regid=${somebody} --clear-groups`;
  const script = join(desktop.root, "start");
  return {
    place,
    start: (program) => {
      writeFileSync(script, `#!/bin/sh\ncd /\nexec env ${environment} ${user} '${place(program)}' "$@"\n`, {
        mode: 0o755,
      });
      return script;
    },
  };
}

test("started by anybody but root, every page runs in Chromium's sandbox", async () => {
  await using desktop = new Desktop();
  const isRoot = process.getuid?.() === 0;
  await desktop.start(isRoot ? { elsewhere: asSomebodyElse(desktop) } : {});
  const page = await desktop.app.firstWindow();
  await expect(page.getByRole("link", { name: "Projects" })).toBeVisible();
  const pids = await desktop.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((window) => window.webContents.getOSProcessId()),
  );
  expect(pids.length).toBeGreaterThan(0);
  const main = desktop.app.process().pid ?? 0;
  for (const pid of pids) {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    expect(status).toMatch(/^Seccomp:\s+2$/m);
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
    expect(status).toMatch(/^CapEff:\s+0+$/m);
    expect(status).not.toMatch(/^Uid:\s+0\b/m);
    // Namespaces of its own: what it is, it cannot see others.
    expect(status).toMatch(/^NSpid:\s+\d+\s+\d+/m);
  }
  expect(readFileSync(`/proc/${main}/cmdline`, "latin1")).not.toContain("--no-sandbox");
});
