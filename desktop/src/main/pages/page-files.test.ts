import * as fc from "fast-check";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { fileOf, servePage } from "./page-files.ts";

const root = mkdtempSync(join(tmpdir(), "cloudsmith-pages-"));
const folder = join(root, "renderer");
mkdirSync(join(folder, "assets"), { recursive: true });
writeFileSync(join(root, "secret.json"), "{}");
writeFileSync(join(folder, "index.html"), "<!doctype html>");
writeFileSync(join(folder, "assets", "index-1.js"), "1");
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("pages are the one page, files are files of the build", async () => {
  for (const path of ["/", "/projects/shop", "/deployments/dep_1"]) {
    const page = await servePage(folder, path);
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(page.headers.get("content-security-policy")).not.toMatch(/unsafe|https?:|\*/);
  }
  const script = await servePage(folder, "/assets/index-1.js");
  expect(await script.text()).toBe("1");
  expect(script.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
});

test.each([
  "/../secret.json",
  "/%2e%2e/secret.json",
  "/..%2fsecret.json",
  "/a\\..\\secret.json",
  "/assets/none.js",
  "/%zz",
  "/c:/x.js",
  "/.env.json",
])("%s is not there", async (path) => {
  expect((await servePage(folder, path)).status).toBe(404);
});

test("no address names a file outside of the build", () => {
  const part = fc.oneof(fc.string(), fc.constantFrom("..", "%2e%2e", "%2f", "\\", ".", "a"));
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const file = fileOf(`/${parts.join("/")}`);
      return file === undefined || resolve(folder, file).startsWith(folder);
    }),
  );
});
