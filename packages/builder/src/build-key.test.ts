import { expect, test } from "vitest";
import { buildKey, type BuildKeyInput } from "./build-key.ts";
import { because, newDraft, warn } from "./plan/draft.ts";

const input = (): BuildKeyInput & { plan: ReturnType<typeof newDraft>["plan"] } => ({
  source: `sha256:${"0".repeat(64)}`,
  plan: newDraft("node", "").plan,
  buildVariables: { API: "secret-value", B: "2" },
  platform: { os: "linux", arch: "x64", libc: "glibc" },
});

test("equal inputs give the same key, in whatever order they are written; explanations do not count", () => {
  const draft = newDraft("node", "");
  because(draft, "serve", "for a reason");
  warn(draft, "x", "y");
  const other = {
    ...input(),
    plan: { ...draft.plan, expects: ["A"] },
    buildVariables: { B: "2", API: "secret-value" },
  };
  expect(buildKey(other)).toBe(buildKey(input()));
});

test.each<[string, Partial<BuildKeyInput>]>([
  ["the source", { source: `sha256:${"1".repeat(64)}` }],
  ["a variable's value", { buildVariables: { API: "other", B: "2" } }],
  ["a toolchain", { plan: { ...input().plan, toolchains: { node: "22.1.0" } } }],
  ["the start command", { plan: { ...input().plan, serve: { type: "process", start: { argv: ["x"] } } } }],
  ["the platform", { platform: { os: "linux", arch: "x64", libc: "musl" } }],
])("%s changes the key", (_name, change) => {
  expect(buildKey({ ...input(), ...change })).not.toBe(buildKey(input()));
});
