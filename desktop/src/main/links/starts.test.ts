import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readStart } from "./starts.ts";

const folder = mkdtempSync(join(tmpdir(), "cloudsmith-starts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a folder and links are found among flags, relative to where the start was made", () => {
  const argv = ["/opt/cloudsmith", "--no-sandbox", "cloudsmith://open", basename(folder)];
  expect(readStart(argv, dirname(folder), "/opt/app.asar")).toEqual({ links: ["cloudsmith://open"], folder });
});

test("the folder of the app itself is nothing to deploy", () => {
  expect(readStart(["/opt/electron", "-r", "/x.cjs", folder], "/", folder)).toEqual({ links: [], folder: undefined });
});
