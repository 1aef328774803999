import { expect, test } from "@playwright/test";
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
  await using _ended = {
    [Symbol.asyncDispose]: async () => {
      const ended = once(app, "exit");
      app.kill("SIGKILL");
      await ended;
    },
  };
  let said = "";
  app.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const port = (): string | undefined => /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1];
  await expect.poll(port, { timeout: 20_000 }).toBeDefined();
  const pages = async (): Promise<unknown> => (await fetch(`http://127.0.0.1:${port()}/json/list`)).json();
  await expect.poll(pages).toContainEqual(expect.objectContaining({ url: "app://launchboard/" }));
  expect((await desktop.agent()).version).toBe("0.1.0");
  expect(said).not.toContain("Debugger listening");
});
