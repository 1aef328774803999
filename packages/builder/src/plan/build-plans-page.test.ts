import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildPlansPage } from "../../scripts/build-plans-page.ts";

test("docs/build-plans.md is what the tables of frameworks give", async () => {
  const page = readFileSync(join(import.meta.dirname, "../../../../docs/build-plans.md"), "utf8");
  expect(page, "write it: node packages/builder/scripts/build-plans-page.ts").toBe(await buildPlansPage());
});
