import { readFileSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { rivalNames } from "./judge.ts";
import { Plan } from "./rival-plans.ts";
import { keyOf, readResults, resultsFile } from "./trial.ts";

const planners = ["ours", ...rivalNames] as const;
type Planner = (typeof planners)[number];

const Compared = z.object({
  app: z.string(),
  serves: z.string(),
  plans: z.record(z.enum(planners), Plan),
  verdicts: z.record(z.enum(planners), z.string()),
});
export type Compared = z.infer<typeof Compared>;

export const comparisonFile = join(import.meta.dirname, "comparison.json");
const page = join(import.meta.dirname, "..", "..", "..", "docs", "comparison.md");

const titles: Readonly<Record<Planner, string>> = {
  ours: "CloudSmith",
  nixpacks: "nixpacks 1.41",
  vercel: "@vercel/fs-detectors",
  netlify: "@netlify/build-info",
};

/** The text of docs/comparison.md. */
function comparisonPage(rows: readonly Compared[]): string {
  const states = new Map((existsSync(resultsFile) ? readResults() : []).map((result) => [keyOf(result), result.now]));
  const groups: readonly (readonly [string, readonly Compared[]])[] = [
    ["servers", rows.filter(({ serves }) => serves === "server")],
    ["sites", rows.filter(({ serves }) => serves !== "server" && serves !== "none")],
    ["no app, or several", rows.filter(({ serves }) => serves === "none")],
    ["all", rows],
  ];
  const right = (group: readonly Compared[], planner: Planner): number =>
    group.filter(({ verdicts }) => verdicts[planner] === "right").length;
  return [
    "# Build plans compared",
    "",
    "What planners would do with the apps of the [field trial](field-trial.md), made by `packages/builder/field/compare.ts`. Only plans are compared: nothing of the others' was built.",
    "What a right plan does was written down per app by reading the repository (`serves` in `packages/builder/field/repositories.json`): it runs a server in production, it serves the folder that the build writes, or it refuses, since there is no app or a person has to choose one.",
    "Every planner is judged by that and by the same rules, ours too, whether or not the app was live in the trial: a plan can be right and the app fail for a database that is not there.",
    "Nixpacks plans containers; the detectors of Vercel and Netlify plan for their own platforms, which run servers of some frameworks only, and serve the files of a repository that they do not know. That counts against them here and may be what their users want.",
    "",
    `| Right plans | ${groups.map(([title, group]) => `${title} (${group.length})`).join(" | ")} |`,
    `| --- | ${groups.map(() => "---").join(" | ")} |`,
    ...planners.map(
      (planner) => `| ${titles[planner]} | ${groups.map(([, group]) => right(group, planner)).join(" | ")} |`,
    ),
    "",
    "| App | Planner | Taken for | Install | Build | Start or folder | Runtime | Verdict |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ...rows.flatMap((row) =>
      planners.map((planner) =>
        line(
          planner === "ours"
            ? `${row.app}: ${row.serves}${states.get(row.app)?.state === "live" ? ", live in the trial" : ""}`
            : "",
          titles[planner],
          row.plans[planner],
          row.verdicts[planner],
        ),
      ),
    ),
    "",
  ].join("\n");
}

function line(app: string, planner: string, plan: Plan, verdict: string): string {
  const serve = plan.start ?? (plan.folder === null ? null : `folder ${plan.folder}`);
  const cells = [plan.install, plan.build, serve, plan.runtime].map((text) =>
    text === null || text === "" ? "" : `\`${shortened(text)}\``,
  );
  return `| ${[app, planner, plan.kind ?? "", ...cells, verdict].join(" | ")} |`;
}

function shortened(text: string): string {
  const plain = text.replaceAll("|", "\\|").replaceAll(/\s+/g, " ").replaceAll("`", "'");
  return plain.length > 90 ? `${plain.slice(0, 89)}…` : plain;
}

/** Writes docs/comparison.md from what `compare.ts` found and what the field trial showed. */
export function writeComparison(): void {
  writeFileSync(page, comparisonPage(readCompared()));
}

/** What `compare.ts` found the last time. */
export function readCompared(): Compared[] {
  return z.array(Compared).parse(JSON.parse(readFileSync(comparisonFile, "utf8")));
}

if (import.meta.main) writeComparison();
