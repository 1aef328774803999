import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  keyOf,
  readLabels,
  readResults,
  resultsFile,
  verdictOf,
  type Label,
  type Outcome,
  type Verdict,
} from "./trial.ts";

const file = join(import.meta.dirname, "..", "..", "..", "docs", "field-trial.md");

interface Row {
  readonly label: Label;
  readonly first: Outcome;
  readonly now: Outcome;
}

/** The text of docs/field-trial.md. */
export function trialPage(): string {
  const results = new Map((existsSync(resultsFile) ? readResults() : []).map((result) => [keyOf(result), result]));
  const labels = readLabels();
  const rows = labels.flatMap((label): Row[] => {
    const result = results.get(keyOf(label));
    return result === undefined ? [] : [{ label, first: result.first, now: result.now }];
  });
  const trial = rows.filter(({ label }) => label.set === "trial");
  const holdOut = rows.filter(({ label }) => label.set === "hold-out");
  return [
    "# Field trial",
    "",
    "Public repositories that nobody prepared, each deployed with nothing but its address (and its folder, where a repository holds several apps) by `npm run field`.",
    "What each should do was written down before it was run, from reading it: `packages/builder/field/repositories.json`. One in five, chosen by a digest of its name,",
    "is a hold-out: its figures are those of its first run and say what to expect of a repository that we have not seen. Two general faults were found through it afterwards (browsers of tests that are fetched at install, engines that yarn 1 refuses).",
    "The machine of the trial reaches package registries and nothing else; what failed for that, and was told so, is counted apart as *network*.",
    "",
    "| | Apps | of these to be live | live | of these to fail | cause right | network and told so | cause unknown | wrong cause | not live |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    counted("Hold-out, never tuned", holdOut, "first"),
    counted("Trial, first run", trial, "first"),
    counted("Trial, after the rules were corrected", trial, "now"),
    "",
    "*live* counts those that a person can use; one that was labelled to fail and is live counts as live. *cause right*: the deployment ended with one of the causes written down.",
    labels.length === rows.length ? "" : `\n${labels.length - rows.length} of the labelled apps were not run.\n`,
    ...table("Hold-out", holdOut),
    ...table("Trial", trial),
  ].join("\n");
}

function counted(title: string, rows: readonly Row[], which: "first" | "now"): string {
  const verdicts = rows.map((row) => ({ label: row.label, verdict: verdictOf(row.label, row[which]) }));
  const reachable = verdicts.filter(({ verdict }) => verdict !== "network");
  const toBeLive = reachable.filter(({ label, verdict }) => label.expected === "live" || verdict === "live");
  const toFail = reachable.filter(({ label, verdict }) => label.expected !== "live" && verdict !== "live");
  const count = (verdict: Verdict): number => verdicts.filter((row) => row.verdict === verdict).length;
  const share = (part: number, whole: number): string =>
    whole === 0 ? "" : `${part} (${((100 * part) / whole).toFixed(0)} %)`;
  return `| ${[
    title,
    rows.length,
    toBeLive.length,
    share(count("live"), toBeLive.length),
    toFail.length,
    share(count("diagnosed"), toFail.length),
    count("network"),
    count("unsure"),
    share(count("wrong"), rows.length),
    count("failed"),
  ].join(" | ")} |`;
}

function table(title: string, rows: readonly Row[]): string[] {
  return [
    `## ${title}`,
    "",
    "| App | Kind | Should be | Why | Was | Verdict |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows.map(({ label, first, now }) => {
      const should = label.expected === "live" ? "live" : label.expected.map((code) => `\`${code}\``).join(" or ");
      const [was, is] = [verdictOf(label, first), verdictOf(label, now)];
      return `| ${[keyOf(label), label.kind, should, label.why, told(now), was === is ? is : `${is}, first ${was}`].join(" | ")} |`;
    }),
    "",
  ];
}

function told({ state, status, code, seconds }: Outcome): string {
  const how = state === "live" ? `live, ${status ?? "no answer"}` : state;
  return `${how}${code === null ? "" : ` \`${code}\``}, ${seconds} s`;
}

export function writePage(): void {
  writeFileSync(file, trialPage());
}

if (import.meta.main) writePage();
