import type { BuildPlan } from "@cloudsmith/contracts";
import type { Cli, Define } from "../cli.ts";
import { formatTable } from "../format.ts";
import { parseSource } from "../parse-source.ts";

/** `cloudsmith plan [source]` */
export const define: Define = (command, cli) => {
  command
    .argument("[source]", "folder, Git URL or owner/repo", ".")
    .option("--dir <folder>", "sub-folder that holds the app")
    .action(async (text: string, { dir }: { dir?: string }) => {
      const client = await cli.connect({ start: true });
      const view = await client.projects.plan({ source: parseSource(text, { dir }) });
      cli.out.result(view, () => [
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
      ]);
      if (view.plan === null) process.exitCode = 1;
    });
};

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
