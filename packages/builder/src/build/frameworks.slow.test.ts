import { afterAll, beforeAll, expect, test } from "vitest";
import { frameworkApps } from "../../test/framework-apps/index.ts";
import { RealApps } from "../../test/real-apps.ts";

let apps: RealApps;
beforeAll(() => {
  apps = new RealApps({ sharedDownloads: true });
});
// Tens of thousands of files.
afterAll(() => apps[Symbol.dispose](), 300_000);

test.each(frameworkApps)(
  "$name is built, started and answers",
  { timeout: 900_000 },
  async ({ name, kind, framework, files, dir, served, path, answer, env }) => {
    const manifest = await apps.built(apps.newApp(files), { ...(dir !== undefined && { dir }) });
    expect(manifest.plan).toMatchObject({ kind, framework, serve: { type: served } });
    const { status, body } =
      served === "static" ? await apps.page(manifest, path) : await apps.request(manifest, path, env);
    expect({ name, status, body }).toMatchObject({ status: 200, body: expect.stringMatching(answer) });
  },
);
