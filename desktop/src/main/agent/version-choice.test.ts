import { expect, test } from "vitest";
import { chooseByVersion } from "./version-choice.ts";

const shipped = { version: "1.4.0", apiVersion: 3 };

test.each([
  ["the same version", { version: "1.4.0", apiVersion: 3 }, "use"],
  ["a newer one that speaks the same API", { version: "1.10.0", apiVersion: 3 }, "use"],
  ["an older one that speaks the same API", { version: "1.3.9", apiVersion: 3 }, "replace-when-idle"],
  ["a pre-release of the same version", { version: "1.4.0-beta.1", apiVersion: 3 }, "replace-when-idle"],
  ["one that speaks an older API", { version: "1.0.0", apiVersion: 2 }, "replace"],
  ["one that speaks a newer API", { version: "2.0.0", apiVersion: 4 }, "update-app"],
])("%s is taken as it should be", (_what, found, choice) => {
  expect(chooseByVersion(found, shipped)).toBe(choice);
});
