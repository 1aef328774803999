import { chromium, expect, test } from "@playwright/test";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Desktop } from "./desktop.ts";

const shipped = process.env["CLOUDSMITH_SHIPPED_APP"] ?? "";

test("what is shipped starts with its own agent, and nobody can look into its main process @packaged", async () => {
  await using desktop = new Desktop();
  const root = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const environment = { ...desktop.environment(), NODE_OPTIONS: "--inspect=0", ELECTRON_RUN_AS_NODE: "1" };
  const args = [...root, "--password-store=basic", "--inspect=0", "--remote-debugging-port=0"];
  const app = spawn(shipped, args, { env: environment, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  app.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  await expect.poll(() => /DevTools listening on (ws:\S+)/.test(said), { timeout: 20_000 }).toBe(true);
  const browser = await chromium.connectOverCDP(/DevTools listening on (ws:\S+)/.exec(said)?.[1] ?? "");
  const page = (): string | undefined => browser.contexts()[0]?.pages()[0]?.url();
  await expect.poll(page).toBe("app://launchboard/");
  expect((await desktop.agent()).version).toBe("0.1.0");
  expect(said).not.toContain("Debugger listening");
  await browser.close();
  const ended = once(app, "exit");
  app.kill("SIGKILL");
  await ended;
});
