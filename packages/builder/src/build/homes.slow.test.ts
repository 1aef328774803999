import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { appFixtures } from "../../test/apps.ts";
import { RealApps } from "../../test/real-apps.ts";

const folder = join(import.meta.dirname, "..", "..", "fixtures", "apps");
const rustup = process.env["RUSTUP_HOME"] ?? join(homedir(), ".rustup");
let apps: RealApps;
let home: string;
beforeAll(() => {
  apps = new RealApps({ sharedDownloads: true });
  home = mkdtempSync(join(tmpdir(), "person-"));
  mkdirSync(join(home, ".config"));
  writeFileSync(join(home, ".config", "canary"), "mine");
});
afterAll(() => {
  apps[Symbol.dispose]();
  rmSync(home, { recursive: true, force: true });
});
beforeEach(() => {
  for (const [name, value] of Object.entries({ HOME: home, XDG_CACHE_HOME: undefined, XDG_CONFIG_HOME: undefined }))
    vi.stubEnv(name, value);
  vi.stubEnv("RUSTUP_HOME", rustup);
});

/** One of each kind: every toolchain that a build calls. */
const kinds = [...Map.groupBy(appFixtures, ({ name }) => name.replace(/-.*/, "")).values()].flatMap(
  (rows) => rows[0] ?? [],
);

test.each([...kinds, ...appFixtures.filter(({ name }) => name === "java-gradle" || name === "php-composer")])(
  "$name is built without a trace in the person's home",
  { timeout: 600_000 },
  async ({ name }) => {
    await apps.built(join(folder, name));
    expect(readdirSync(home, { recursive: true }).map(String).toSorted()).toEqual([
      ".config",
      join(".config", "canary"),
    ]);
  },
);
