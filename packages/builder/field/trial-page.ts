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
  const of = (set: Label["set"]): Row[] => rows.filter(({ label }) => label.set === set);
  const known = rows.filter(({ label }) => label.set !== "fresh");
  const state = mostUsed(known);
  const ofState = known.filter(({ now }) => now.by !== undefined && now.by === state);
  return [
    "# Field trial",
    "",
    "Public repositories that nobody prepared, each deployed with nothing but its address (and its folder, where a repository holds several apps) by `npm run field`.",
    "What each should do was written down before it was run, from reading it: `packages/builder/field/repositories.json`. Rules are corrected by what the *trial* shows.",
    "One in five of the first repositories, chosen by a digest of its name, is the first *hold-out*; general faults were found through it too, so that only its first run is blind. A *fresh hold-out* was labelled after those corrections and run once: it says what to expect of a repository that we have not seen.",
    "The machine of the trial reaches package registries and nothing else; what failed for that, and was told so, is counted apart as *network*.",
    "",
    "| | Apps | of these to be live | live | of these to fail | cause right | network and told so | cause unknown | wrong cause | not live |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    counted("Fresh hold-out, only run", of("fresh"), "first"),
    counted("First hold-out, first run", of("hold-out"), "first"),
    counted("First hold-out, last run", of("hold-out"), "now"),
    counted("Trial, first run", of("trial"), "first"),
    counted("Trial, last run of each", of("trial"), "now"),
    ...(state === undefined
      ? []
      : [
          counted(
            `Trial and first hold-out at one state of the code (tree ${state} of packages/builder/src)`,
            ofState,
            "now",
          ),
        ]),
    "",
    "*live* counts those that a person can use; one that was labelled to fail and is live counts as live. *cause right*: the deployment ended with one of the causes written down.",
    labels.length === rows.length ? "" : `\n${labels.length - rows.length} of the labelled apps were not run.\n`,
    ...table("Fresh hold-out", of("fresh")),
    ...table("First hold-out", of("hold-out")),
    ...table("Trial", of("trial")),
  ].join("\n");
}

/** The state of the code that most of the last runs were made with. */
function mostUsed(rows: readonly Row[]): string | undefined {
  const runs = Map.groupBy(
    rows.flatMap(({ now }) => now.by ?? []),
    (by) => by,
  );
  return [...runs].toSorted(([, one], [, other]) => other.length - one.length)[0]?.[0];
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
