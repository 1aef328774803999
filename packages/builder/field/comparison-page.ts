import { readFileSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { rivalNames, type RivalName } from "./judge.ts";
import { Plan } from "./rival-plans.ts";
import { keyOf, readResults, resultsFile } from "./trial.ts";

const Compared = z.object({
  app: z.string(),
  ours: Plan,
  rivals: z.record(z.enum(rivalNames), Plan),
  verdicts: z.record(z.enum(rivalNames), z.string()),
});
export type Compared = z.infer<typeof Compared>;

export const comparisonFile = join(import.meta.dirname, "comparison.json");
const page = join(import.meta.dirname, "..", "..", "..", "docs", "comparison.md");

const titles: Readonly<Record<RivalName, string>> = {
  nixpacks: "nixpacks 1.41",
  vercel: "@vercel/fs-detectors",
  netlify: "@netlify/build-info",
};

/** The text of docs/comparison.md. Counted are apps that our plan brought up in the field trial: what is right is known of those. */
function comparisonPage(rows: readonly Compared[]): string {
  const states = new Map((existsSync(resultsFile) ? readResults() : []).map((result) => [keyOf(result), result.now]));
  const isLive = ({ app }: Compared): boolean => states.get(app)?.state === "live";
  const known = rows.filter(isLive);
  const right = (name: RivalName): number => known.filter(({ verdicts }) => verdicts[name] === "right").length;
  return [
    "# Build plans compared",
    "",
    "What others would do with the apps of the [field trial](field-trial.md) that are to be live, made by `packages/builder/field/compare.ts`. Only plans are compared: nothing of theirs was built.",
    "Our plan was deployed; where the app was live under it, it says what is right, and another plan is *right* when it comes to the same: the same folder of a static site (or a command that serves it),",
    "or a command or builder that runs the server in production, with a Node that the app does not refuse. Nixpacks plans containers; the detectors of Vercel and Netlify plan for their own platforms, which run servers of some frameworks only.",
    "",
    "| | Right | of apps that are live |",
    "| --- | --- | --- |",
    `| CloudSmith (deployed) | ${rows.filter((row) => isLive(row)).length} | ${rows.filter(({ app }) => states.has(app)).length} that were deployed |`,
    ...rivalNames.map((name) => `| ${titles[name]} | ${right(name)} | ${known.length} |`),
    "",
    "| App | Planner | Taken for | Install | Build | Start or folder | Runtime | |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ...rows.flatMap((row) => [
      line(row.app, "CloudSmith", row.ours, isLive(row) ? "live" : (states.get(row.app)?.code ?? "not deployed")),
      ...rivalNames.map((name) => line("", titles[name], row.rivals[name], isLive(row) ? row.verdicts[name] : "")),
    ]),
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
  const rows = z.array(Compared).parse(JSON.parse(readFileSync(comparisonFile, "utf8")));
  writeFileSync(page, comparisonPage(rows));
}

if (import.meta.main) writeComparison();
