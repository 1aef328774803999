import { beforeEach, onTestFailed } from "vitest";

/** Makes the tests of a suite steps of one story: after one that failed the others end at once, since they build on it. */
export function stepsOfOneStory(): void {
  let failed: string | undefined;
  beforeEach(({ task }) => {
    if (failed !== undefined) throw new Error(`The step before failed: ${failed}`);
    onTestFailed(() => {
      failed ??= task.name;
    });
  });
}
