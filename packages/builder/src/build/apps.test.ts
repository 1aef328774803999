import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appFixtures } from "../../test/apps.ts";
import { RealApps } from "../../test/real-apps.ts";

const folder = join(import.meta.dirname, "..", "..", "fixtures", "apps");
let apps: RealApps;
beforeAll(() => {
  apps = new RealApps({ sharedDownloads: true });
});
afterAll(() => apps[Symbol.dispose]());

test.each(appFixtures.filter(({ common }) => common === true))(
  "$name is built, started and answers",
  { timeout: 240_000 },
  async ({ name, kind, framework, path, answer }) => {
    const manifest = await apps.built(join(folder, name));
    expect(manifest.plan).toMatchObject({ kind, framework: framework ?? null });
    expect(await apps.request(manifest, path)).toMatchObject({ status: 200, body: expect.stringMatching(answer) });
  },
);
