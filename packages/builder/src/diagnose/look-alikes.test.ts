import { expect, test } from "vitest";
import { exit, lookAlikes, nodeCrash, plan, run } from "../../test/look-alikes.ts";
import { diagnose, type DiagnoseInput } from "./diagnose.ts";

test.each(lookAlikes)("%s: %s", (_told, code, input) => {
  expect(diagnose(input).code).toBe(code);
});

test("facts count more than words", () => {
  const log = ["Error: connect ECONNREFUSED 127.0.0.1:5432"];
  const at = (facts: DiagnoseInput["facts"] & object): string =>
    diagnose({ stage: "verifying", plan, log, exit, facts }).code;
  expect(at({ outOfMemory: true })).toBe("out-of-memory");
  expect(at({ diskFull: true })).toBe("disk-full");
});

test("an app that listens on localhost is right on this machine and named in a container", () => {
  const facts = { timedOut: true, listening: [{ host: "127.0.0.1", port: 3000 }], port: 3000 };
  const at = (container: boolean): string =>
    diagnose({ stage: "verifying", plan, log: [], facts: { ...facts, container } }).code;
  expect([at(false), at(true)]).toEqual(["health-timeout", "localhost-only"]);
});

test("an answer that refuses the host name is told from other refusals", () => {
  const facts = { httpStatus: 403, httpBody: 'Blocked request. This host ("shop.localhost") is not allowed.' };
  expect(diagnose({ stage: "verifying", plan, log: [], facts }).code).toBe("host-not-allowed");
});

test("a development dependency is named as one", () => {
  const input = run(...nodeCrash("Error: Cannot find module 'morgan'"));
  const fix = (dependencies: string[], devDependencies: string[]): string | undefined =>
    diagnose({ ...input, facts: { packages: { dependencies, devDependencies } } }).fix;
  expect(fix([], ["morgan"])).toMatch(/^Move morgan from devDependencies/);
  expect(fix([], [])).toMatch(/^Add morgan to dependencies/);
});
