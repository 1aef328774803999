import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { diagnosisPage } from "../../scripts/diagnosis-table.ts";

test("docs/diagnosis.md is what the table of causes gives", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../../docs/diagnosis.md"), "utf8");
  expect(page, "write it: node packages/builder/scripts/diagnosis-table.ts").toBe(diagnosisPage());
});
