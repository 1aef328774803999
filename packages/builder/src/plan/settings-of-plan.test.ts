import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { settingsOfPlan, type BuildPlan, type Command } from "@cloudsmith/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { planExamples } from "../../scripts/plan-examples.ts";
import { frameworkApps } from "../../test/framework-apps/index.ts";
import { planSource } from "./plan-source.ts";

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "settings-of-plan-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

type Files = Readonly<Record<string, string | object>>;

function write(root: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === "string" ? content : JSON.stringify(content));
  }
}

async function planned(root: string, dir: string): Promise<BuildPlan> {
  const result = await planSource({ root, dir });
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.plan;
}

/** A plan without why and with its commands as one would type them: quotes that a shell takes off do not count. */
function essence(plan: BuildPlan): object {
  const text = (command: Command | null): string | null =>
    command === null ? null : ("script" in command ? command.script : command.argv.join(" ")).replaceAll("'", "");
  const { reasons: _reasons, warnings: _warnings, toolchains: _toolchains, commands, serve, ...rest } = plan;
  return {
    ...rest,
    commands: [commands.install, commands.build, commands.release].map(text),
    serve: serve.type === "process" ? text(serve.start) : serve,
  };
}

const apps = [
  ...planExamples.map(({ language, app, files }) => ({ name: `${language}: ${app}`, files: files as Files, dir: "" })),
  ...frameworkApps.map(({ name, files, dir = "" }) => ({ name, files, dir })),
];

describe("a cloudsmith.json that was written from a plan", () => {
  test.each(apps)("gives that plan again: $name", async ({ files, dir }) => {
    const root = mkdtempSync(join(home, "app-"));
    write(root, files);
    const before = await planned(root, dir);
    const settings = settingsOfPlan(before);
    write(root, { [join(before.appDir, "cloudsmith.json")]: settings });
    expect(essence(await planned(root, dir))).toEqual(essence(before));
    expect(settingsOfPlan(await planned(root, dir))).toEqual(settings);
  });

  test("says what decides and nothing else", async () => {
    const root = mkdtempSync(join(home, "app-"));
    write(root, {
      "package.json": { scripts: { build: "vite build" }, devDependencies: { vite: "8" }, engines: { node: "22" } },
      "package-lock.json": {},
      "index.html": "",
    });
    expect(settingsOfPlan(await planned(root, ""))).toEqual({
      $schema: expect.stringMatching(/^https:/),
      framework: "vite",
      packageManager: "npm",
      toolchains: { node: "22.x" },
      install: "npm ci --no-audit --no-fund",
      build: "npm run build",
      output: "dist",
      spa: true,
    });
  });
});
