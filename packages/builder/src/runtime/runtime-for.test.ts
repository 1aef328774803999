import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ArtifactManifest, BuildPlan, Command } from "@cloudsmith/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newDraft } from "../plan/draft.ts";
import { hostPlatform } from "../platform.ts";
import { runtimeFor, type ProcessRuntime } from "./runtime-for.ts";
import { runtimeNeeds } from "./runtime-toolchains.ts";

const signal = AbortSignal.timeout(60_000);
let cacheDir: string;
let appRoot: string;
beforeAll(() => {
  cacheDir = mkdtempSync(join(tmpdir(), "runtime-cache-"));
  appRoot = mkdtempSync(join(tmpdir(), "runtime-app-"));
  mkdirSync(join(appRoot, "node_modules", ".bin"), { recursive: true });
  writeFileSync(join(appRoot, "node_modules", ".bin", "serve-it"), "#!/bin/sh\n");
  chmodSync(join(appRoot, "node_modules", ".bin", "serve-it"), 0o755);
});
afterAll(() => {
  for (const folder of [cacheDir, appRoot]) rmSync(folder, { recursive: true, force: true });
});

function manifestOf(start: Command, release: Command | null = null): ArtifactManifest {
  const { plan } = newDraft("node", "");
  return {
    version: 1,
    digest: `sha256:${"0".repeat(64)}`,
    size: 1,
    unpackedSize: 1,
    files: 1,
    plan: {
      ...plan,
      toolchains: { node: process.versions.node },
      serve: { type: "process", start },
      commands: { ...plan.commands, release },
      env: { build: {}, run: { FROM_PLAN: "1" } },
    },
    platform: hostPlatform(),
    toolchains: { node: process.versions.node },
  };
}

async function processOf(manifest: ArtifactManifest): Promise<ProcessRuntime> {
  const runtime = await runtimeFor(manifest, { cacheDir, appRoot, signal });
  if ("static" in runtime) throw new Error("expected a process");
  return runtime;
}

test("programs are absolute: the toolchain's, the app's own, and a script by its shell", async () => {
  const node = await processOf(manifestOf({ argv: ["node", "server.js"] }, { script: "a && b" }));
  expect(node.argv).toEqual([
    join(cacheDir, "toolchains", `node-${process.versions.node}`, "bin", "node"),
    "server.js",
  ]);
  expect(node.release?.argv).toEqual(["/bin/sh", "-c", "a && b"]);
  expect(node.env).toMatchObject({ FROM_PLAN: "1", NODE_ENV: "production" });
  expect((await processOf(manifestOf({ argv: ["serve-it"] }))).argv[0]).toBe(
    join(appRoot, "node_modules", ".bin", "serve-it"),
  );
});

test("a toolchain that the cache lost is there again, and it runs", async () => {
  rmSync(join(cacheDir, "toolchains"), { recursive: true, force: true });
  const { argv } = await processOf(manifestOf({ argv: ["node", "-v"] }));
  expect(execFileSync(argv[0] ?? "", ["-v"], { encoding: "utf8" }).trim()).toBe(process.version);
});

test("an artifact of another platform is refused", async () => {
  const manifest = {
    ...manifestOf({ argv: ["node"] }),
    platform: { os: "darwin", arch: "arm64", libc: "none" } as const,
  };
  await expect(runtimeFor(manifest, { cacheDir, appRoot, signal })).rejects.toMatchObject({
    code: "artifact-platform-mismatch",
  });
});

const needs = (kind: BuildPlan["kind"], argv: [string, ...string[]], toolchains: Record<string, string>): unknown =>
  runtimeNeeds({ plan: { ...newDraft(kind, "").plan, serve: { type: "process", start: { argv } } }, toolchains });

test("what runs depends on what it needs to run, not on what built it", () => {
  expect(needs("go", [".cloudsmith/bin/app"], { go: "1.26.8" })).toEqual({});
  expect(needs("rust", [".cloudsmith/bin/app"], { rust: "1.95.0" })).toEqual({});
  expect(needs("go", ["go", "run", "."], { go: "1.26.8" })).toEqual({ go: ">=1.26.8" });
  expect(needs("python", ["python", "a.py"], { python: "3.11.7" })).toEqual({ python: "~3.11.0" });
  expect(needs("java", ["java", "-jar", "a.jar"], { java: "17.0.15" })).toEqual({ java: ">=17.0.0" });
  expect(needs("ruby", ["bundle", "exec", "puma"], { ruby: "3.1.2" })).toEqual({ ruby: "~3.1.0" });
  expect(needs("node", ["node", "a.js"], { node: "24.21.0", python: "3.11.7" })).toEqual({ node: "24.21.0" });
});

test("an interpreter that is gone is named, with how the app is built again", async () => {
  const { plan } = newDraft("python", "");
  const manifest: ArtifactManifest = {
    ...manifestOf({ argv: ["python", "a.py"] }),
    plan: { ...plan, serve: { type: "process", start: { argv: ["python", "a.py"] } } },
    toolchains: { python: "3.2.1" },
  };
  await expect(runtimeFor(manifest, { cacheDir, appRoot, signal })).rejects.toMatchObject({
    code: "toolchain-version-unknown",
    message: expect.stringContaining("python ~3.2.0"),
    why: expect.stringContaining("built with python 3.2.1"),
    fix: expect.stringContaining("Deploy its source again"),
  });
});
