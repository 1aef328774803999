import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { median, seconds, type Bench } from "./measure.ts";

const root = join(import.meta.dirname, "..");
/** What `measure-desktop.ts` prints: milliseconds and megabytes of each round, a share of a core, lines a second. */
interface Measured {
  readonly ours: readonly number[];
  readonly empty: readonly number[];
  readonly oursMb: readonly number[];
  readonly emptyMb: readonly number[];
  readonly share: number;
  readonly lines: number;
}

export const desktop: Bench = {
  name: "Desktop app",
  how: "in the Electron of the tests (22), against an empty app with one window, taken in turn; median of 5; memory is main process and page, proportional, 8 s after; the agent runs already",
  run: async () => {
    const script = join(root, "scripts", "test-desktop.mjs");
    const args = [script, "--run", join(import.meta.dirname, "measure-desktop.ts")];
    const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 });
    const measured: Measured = JSON.parse(/measured (.*)/.exec(stdout)?.[1] ?? "{}");
    const { ours, empty, oursMb, emptyMb, share, lines } = measured;
    const start = median(ours) / median(empty);
    const memory = median(oursMb) / median(emptyMb);
    return [
      {
        what: `start to a usable window (${seconds(median(ours))} against ${seconds(median(empty))})`,
        figure: `${start.toFixed(2)}x`,
        goal: "at most 1.6x",
        met: start <= 1.6,
      },
      {
        what: `idle with one window (${median(oursMb).toFixed(0)} MB against ${median(emptyMb).toFixed(0)} MB)`,
        figure: `${memory.toFixed(2)}x`,
        goal: "at most 1.5x",
        met: memory <= 1.5,
      },
      {
        what: `main process, 20 windows that follow ${lines.toFixed(0)} lines/s each`,
        figure: `${(share * 100).toFixed(0)} %`,
        goal: "under 30 % of a core",
        met: share < 0.3,
      },
    ];
  },
};
