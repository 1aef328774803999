import type { CauseRow } from "../cause-row.ts";

/** A build that runs tests which fail. What the tests print is about the tests. */
export const testCauses: readonly CauseRow[] = [
  {
    code: "tests-failed",
    when: "build",
    lines: [
      /^\s*Test Files\s+.*?(?<what>[1-9]\d*) failed/,
      /^Tests:\s+.*?(?<what>[1-9]\d*) failed/,
      /^Test Suites:\s+.*?(?<what>[1-9]\d*) failed/,
      /^(?:# |ℹ )fail (?<what>[1-9]\d*)$/,
      /^\s+(?<what>[1-9]\d*) failing$/,
      /^=+ .*?(?<what>[1-9]\d*) failed.* in [\d.]+s/,
      /^FAILED \((?:failures|errors)=(?<what>\d+)/,
      /^--- FAIL: (?<what>\w+)/,
      /^test result: FAILED\. .*?(?<what>\d+) failed/,
      /Tests run: \d+, Failures: (?<what>[1-9]\d*)/,
      /There are test failures/,
    ],
    message: "The build runs tests, and some fail ({what})",
    plain: "The build runs tests, and some fail",
  },
];
