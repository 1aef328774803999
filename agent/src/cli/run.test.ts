import { tempDir } from "@cloudsmith/testkit";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

/** Runs the command line in an empty home. */
async function cloudsmith(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  await using home = await tempDir();
  return await new Promise((resolve) => {
    execFile(
      process.execPath,
      [main, ...args],
      { env: { ...process.env, CLOUDSMITH_HOME: home.file("data"), NO_COLOR: "1" }, timeout: 20_000 },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

describe("the command line without an agent", () => {
  it("says that nothing runs and how to start it", async () => {
    const { code, stderr } = await cloudsmith("ls");
    expect(code).toBe(3);
    expect(stderr).toContain("CloudSmith is not running");
    expect(stderr).toContain("cloudsmith agent start");
  });

  it("gives programs the error as one JSON document", async () => {
    const { code, stdout, stderr } = await cloudsmith("status", "--json");
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "agent-unreachable", fix: expect.any(String) } });
    expect(stderr).toBe("");
  });

  it.each([
    [["deploi"], "Did you mean deploy?"],
    [["deploy", "--nope"], "Unknown option '--nope'"],
    [["logs", "--since", "yesterday-ish"], "10m"],
    [["deploy", "./not-there"], "There is no folder"],
    [["rename", "one"], "Missing required argument"],
  ])("refuses %j with exit code 2 and says what to do", async (args, message) => {
    const { code, stderr } = await cloudsmith(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it("destroys and uninstalls nothing without being asked twice", async () => {
    expect((await cloudsmith("uninstall")).code).toBe(2);
    expect((await cloudsmith("uninstall", "--yes")).code).toBe(0);
  });

  it("completes commands and options, also where no agent runs", async () => {
    expect((await cloudsmith("complete", "--", "roll")).stdout).toContain("rollback");
    expect((await cloudsmith("complete", "--", "deploy", "--det")).stdout).toContain("--detach");
    expect((await cloudsmith("completion", "bash")).stdout).toContain("cloudsmith");
  });
});
