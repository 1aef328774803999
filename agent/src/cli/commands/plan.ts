import { CloudSmithError, PlanSettings, settingsOfPlan, type BuildPlan } from "@cloudsmith/contracts";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ask } from "../ask.ts";
import type { Cli, Define } from "../cli.ts";
import { formatTable } from "../format.ts";
import { parseSource } from "../parse-source.ts";

interface PlanOptions {
  readonly dir?: string;
  readonly write?: boolean;
  readonly yes?: boolean;
}

/** `cloudsmith plan [source]` */
export const define: Define = (command, cli) => {
  command
    .argument("[source]", "folder, Git URL or owner/repo", ".")
    .option("--dir <folder>", "sub-folder that holds the app")
    .option("--write", "write cloudsmith.json with what decides the plan, into the app's folder")
    .option("-y, --yes", "replace a cloudsmith.json that is there without asking")
    .action(async (text: string, { dir, write, yes }: PlanOptions) => {
      const source = parseSource(text, { dir });
      if (write === true && source.type !== "folder") throw cannotWrite();
      const client = await cli.connect({ start: true });
      const view = await client.projects.plan({ source });
      const written =
        write === true && view.plan !== null && source.type === "folder"
          ? await writeSettings(source.path, view.plan, yes === true)
          : null;
      cli.out.result(write === true ? { ...view, written } : view, () => [
        ...(view.plan === null ? [] : describePlan(cli, view.plan)),
        ...describeRefusal(cli, view),
        ...(view.apps.length > 1
          ? [
              "",
              "Apps in it (choose one with --dir):",
              ...view.apps.map((app) => `  ${app.dir}  ${app.framework ?? ""}`),
            ]
          : []),
        ...view.notes.map((note) => `  ${note}`),
        ...(written === null ? [] : ["", `${written} says so from now on: change it, and the plan follows`]),
      ]);
      if (view.plan === null) process.exitCode = 1;
    });
};

function cannotWrite(): CloudSmithError {
  return new CloudSmithError("invalid-input", "cloudsmith.json can be written into a folder only", {
    why: "The source is a Git repository, which is fetched and never changed",
    fix: "Clone it, then run cloudsmith plan --write in its folder",
  });
}

/** Writes the plan's settings into the app's folder; what a file there says that no plan knows of (variables) is kept. The file's path. */
async function writeSettings(root: string, plan: BuildPlan, replace: boolean): Promise<string> {
  const file = join(root, plan.appDir, "cloudsmith.json");
  const before = existsSync(file) ? await readFile(file, "utf8") : undefined;
  const { env } = PlanSettings.partial()
    .catch({})
    .parse(before === undefined ? {} : parsed(file, before));
  const after = `${JSON.stringify({ ...settingsOfPlan(plan), ...(env !== undefined && { env }) }, undefined, 2)}\n`;
  if (before === after) return file;
  if (before !== undefined && !replace) {
    const answer = await ask(`${file} is there already. Replace it? [y/N] `, "Pass --yes to replace it");
    if (!/^y(es)?$/i.test(answer)) throw new CloudSmithError("aborted", "Nothing is changed");
  }
  await writeFile(file, after);
  return file;
}

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CloudSmithError("invalid-input", `${file} is not rewritten`, {
      why: "It has comments, or what plain JSON does not allow, which would be lost",
      fix: "Change it by hand, or remove it first",
      cause,
    });
  }
}

function describeRefusal(
  { out: { colors } }: Cli,
  { failure }: { failure: { message: string; cause?: string | undefined; fix?: string | undefined } | null },
): string[] {
  if (failure === null) return [];
  return [
    `${colors.red("✖")} ${failure.message}`,
    ...(failure.cause === undefined ? [] : [`  why   ${failure.cause}`]),
    ...(failure.fix === undefined ? [] : [`  fix   ${failure.fix}`]),
  ];
}

function describePlan({ out: { colors } }: Cli, plan: BuildPlan): string[] {
  const because = (field: string): string => {
    const reason = plan.reasons.findLast((each) => each.field === field || each.field.startsWith(`${field}.`));
    return reason === undefined ? "" : colors.dim(`${reason.because} (${reason.origin})`);
  };
  const rows: [string, string, string][] = [
    ["kind", plan.framework ?? plan.kind, because("framework") || because("kind")],
    ["folder", plan.appDir === "" ? "." : plan.appDir, because("appDir")],
    ...Object.entries(plan.toolchains).map(([name, version]): [string, string, string] => [
      name,
      version,
      because(`toolchains.${name}`),
    ]),
    ["packages", plan.packageManager?.name ?? "none", because("packageManager")],
    ["install", commandText(plan.commands.install), because("commands.install")],
    ["build", commandText(plan.commands.build), because("commands.build")],
    ["release", commandText(plan.commands.release), because("commands.release")],
    ["serve", serveText(plan), because("serve")],
    ["health", `${plan.health.path} within ${plan.health.startSeconds} s`, because("health")],
  ];
  return [
    ...formatTable(["", "", ""], rows).slice(1),
    ...plan.processes
      .filter((each) => !each.run)
      .map((each) => `  ${each.type} ${each.name} is recognised and not run`),
    ...plan.expects.map((name) => `  ${colors.yellow("!")} ${name} is expected and has no value`),
    ...plan.warnings.map(({ message }) => `  ${colors.yellow("!")} ${message}`),
  ];
}

function commandText(command: BuildPlan["commands"]["build"]): string {
  if (command === null) return "nothing";
  return "argv" in command ? command.argv.join(" ") : command.script;
}

function serveText({ serve }: BuildPlan): string {
  if (serve.type === "process") return commandText(serve.start);
  return `files of ${serve.dir === "" ? "." : serve.dir}${serve.spa ? ", unknown paths answer index.html" : ""}`;
}
