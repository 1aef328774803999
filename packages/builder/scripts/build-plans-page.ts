import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { BuildPlan } from "@cloudsmith/contracts";
import { frameworks, type Framework, type Variant } from "../src/frameworks.ts";
import { platformFiles } from "../src/platform-files/platform-files.ts";
import { commandText } from "../src/plan/draft.ts";
import { planSource } from "../src/plan/plan-source.ts";
import { pythonFrameworks } from "../src/python-frameworks.ts";
import { packageToolchains } from "../src/toolchains/package-toolchains.ts";
import { systemToolchains } from "../src/toolchains/system-toolchains.ts";
import { javaFrameworks } from "../src/java-frameworks.ts";
import { phpFrameworks } from "../src/php-frameworks.ts";
import { planExamples, type PlanExample } from "./plan-examples.ts";

const introduction = `# Build plans

This page is written from the tables in \`packages/builder/src\` (\`node packages/builder/scripts/build-plans-page.ts\`): to add a framework, add a row there.

A plan says how an app is installed, built, released and started, and why. \`cloudsmith plan <source>\` shows it. Detection reads files and runs nothing of the repository.
Each choice may be made in several places; the later wins: detected < files of other platforms < \`cloudsmith.json\` < project settings < flags of one deployment.

- **How it is served.** A production start of the app's own comes first (\`start:prod\`, \`start\`, the web process of a Procfile), then the framework's way below, then a file that starts a server. Development servers
  (\`next dev\`, \`vite\`, \`ng serve\`, …) are never a start; of \`nodemon\`, \`tsx watch\` and the like what they run is taken. A build inside of a start becomes part of the build.
- **Which Node.** \`.nvmrc\`, \`.node-version\`, Volta, \`.tool-versions\`, mise and \`engines\` of the app's folder and those above it, nearest first; then what its dependencies allow; else the current long-term line.
- **Which package manager.** Settings, then \`packageManager\` in package.json, then the lockfile. With a lockfile exactly that is installed; one out of step is said, and what package.json asks for is installed.
- **Which packages run.** Development dependencies are left out of the artifact, unless the start needs one of them.
- **Workspaces** (npm, pnpm, yarn, Turborepo, Nx): the app is installed from the root's lockfile where the workspace lists its folder, and the packages that it needs are built first.
`;

/** The page about plans, from the tables, and from plans that are made for it. */
export async function buildPlansPage(): Promise<string> {
  const languages = Map.groupBy(planExamples, ({ language }) => language);
  const sections: string[] = [];
  for (const [language, examples] of languages)
    sections.push(
      ...(language === "Python" ? [] : [`## ${language}`]),
      table(
        ["App", "Runs on", "Installed with", "Built with", "Before the switch", "Served"],
        await Promise.all(examples.map(exampleRow)),
      ),
      ...(notes[language] ?? []),
    );
  return [
    introduction,
    "## Node",
    table(
      ["Framework", "`framework`", "Recognised by", "Built with", "Served", "Kept between builds"],
      frameworks.map(frameworkRow),
    ),
    "## Python",
    table(
      ["Framework", "Recognised by", "Served by"],
      pythonFrameworks.map((row) => [row.label, code(row.packages), row.serves.toUpperCase()]),
    ),
    ...sections,
    "## Toolchains",
    `Fetched where they are not at hand: ${packageToolchains.map((row) => row.name).join(", ")}. Others have to be on the machine; where one is missing the failure says what to do:`,
    table(
      ["Toolchain", "What to do"],
      systemToolchains.map((row) => [row.name, row.install]),
    ),
    "## Files of other platforms",
    `${platformFiles.map((row) => code(row.files)).join(", ")} and \`Procfile\`: what they say about build, release, start, port, health path and needed variables is honoured as far as it holds here, and shown with its reason.`,
    "",
  ].join("\n\n");
}

const notes: Readonly<Record<string, readonly string[]>> = {
  "Java and Kotlin": [
    `Told their port and address by property: ${javaFrameworks
      .map((row) => (row.properties.length === 0 ? "" : row.label))
      .filter(Boolean)
      .join(", ")}. Known by name too: ${javaFrameworks
      .filter((row) => row.properties.length === 0)
      .map((row) => row.label)
      .join(
        ", ",
      )}. A jar that does not name its main class is started by the class that has \`main\`, with its libraries.`,
  ],
  PHP: [
    `Frameworks, by what composer.json asks for: ${phpFrameworks.map((row) => `${row.label} (\`${row.package}\`)`).join(", ")}.`,
  ],
};

async function exampleRow(example: PlanExample): Promise<string[]> {
  const plan = await planOf(example);
  const { install, build, release } = plan.commands;
  const runs = Object.entries(plan.toolchains).map(([name, range]) => `${name} ${range === "*" ? "" : range}`.trim());
  return [
    example.app,
    runs.length === 0 ? "–" : code(runs),
    ...[install, build, release].map((command) => (command === null ? "–" : `\`${commandText(command)}\``)),
    servedBy(plan),
  ];
}

async function planOf({ app, files }: PlanExample): Promise<BuildPlan> {
  const root = mkdtempSync(join(tmpdir(), "plan-example-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const result = await planSource({ root, dir: "" });
    if (!result.ok) throw new Error(`${app}: ${result.failure.message}`);
    return result.plan;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function servedBy({ serve, output }: BuildPlan): string {
  return serve.type === "static" ? `files in \`${output ?? serve.dir}\`` : `\`${commandText(serve.start)}\``;
}

function frameworkRow(row: Framework): string[] {
  const built = row.build === null ? "its build script, if any" : `its build script, or \`${row.build}\``;
  return [
    row.label,
    `\`${row.name}\``,
    code(row.packages),
    built,
    served(row),
    row.caches.length === 0 ? "–" : code(row.caches),
  ];
}

function served(row: Framework): string {
  if (row.name === "angular") return "by `angular.json`: files, or the server that it renders with";
  return row.variants.length === 0 ? "by its start script or entry" : row.variants.map(variantText).join("<br>");
}

function variantText(variant: Variant): string {
  const how =
    variant.static === undefined
      ? `\`${variant.server ?? ""}\``
      : `files in \`${variant.static.output}\`${variant.static.spa ? ", any path gives index.html" : ""}`;
  return `${how} (${variant.because})`;
}

function code(texts: readonly string[]): string {
  return texts.map((text) => `\`${text}\``).join(", ");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

if (import.meta.main) writeFileSync(join(import.meta.dirname, "../../../docs/build-plans.md"), await buildPlansPage());
