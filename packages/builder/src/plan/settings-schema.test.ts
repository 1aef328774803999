import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { settingsSchema } from "./settings-schema.ts";

test("the published schema is what the rules say; `npm run schema -w @cloudsmith/builder` renews it", () => {
  const published = readFileSync(join(import.meta.dirname, "..", "..", "cloudsmith.schema.json"), "utf8");
  expect(JSON.parse(published)).toEqual(JSON.parse(settingsSchema()));
});
