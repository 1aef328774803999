import { isDeepStrictEqual } from "node:util";
import type { Failure } from "@cloudsmith/contracts";
import type { Expectation } from "./failure-fixture.ts";

/** What a diagnosis does not say of what is expected, in words; empty where it is right. */
export function missesOf(expected: Expectation, failure: Failure | undefined): string[] {
  if (failure === undefined) return ["nothing failed"];
  const said = `${failure.message}\n${failure.fix ?? ""}`;
  return [
    ...(failure.code === expected.code ? [] : [`code is ${failure.code} and not ${expected.code}`]),
    ...(expected.line === undefined || failure.cause?.includes(expected.line) === true
      ? []
      : [`the line is "${failure.cause ?? ""}" and has no "${expected.line}"`]),
    ...expected.names.filter((name) => !said.includes(name)).map((name) => `"${name}" is not named in "${said}"`),
    ...(expected.suggestion === undefined || isDeepStrictEqual(failure.suggestion, expected.suggestion)
      ? []
      : [`the suggestion is ${JSON.stringify(failure.suggestion)}`]),
  ];
}
