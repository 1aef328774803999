import { posix } from "node:path";
import { readCompose, type ComposeService } from "../plan/compose-file.ts";
import { readDockerfile } from "../plan/dockerfile.ts";
import { because, newDraft, toCommand, warn, type Draft } from "../plan/draft.ts";
import { joinPath, type SourceTree } from "../plan/source-tree.ts";
import { rank, type Candidate, type DetectContext } from "./detector.ts";

const files = ["Dockerfile", "dockerfile", "Containerfile"];
const composeFiles = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

/** Stands for the image's own command until it is built, where its Dockerfile does not say it. */
export const imageCommand = "(the image's own command)";

/** An app that its Dockerfile builds, or a compose file with one service of its own. Beside another plan an image is built only where it was asked for. */
export function detectDockerfile(context: DetectContext): Candidate | undefined {
  const { tree, dir, settings } = context;
  const chosen = settings.get("dockerfile");
  if (chosen !== undefined) {
    const file = joinPath(dir, chosen.value);
    if (!tree.isFile(file))
      return {
        rank: rank.explicit + 20,
        final: true,
        failure: {
          code: "plan-invalid",
          message: `There is no ${file}`,
          cause: `${chosen.layer.source} names it as the Dockerfile`,
          fix: "Correct its path, or leave `dockerfile` out",
        },
      };
    return {
      rank: rank.explicit + 20,
      draft: planImage(tree, dir, { dockerfile: file, context: dir }, "it was asked for"),
    };
  }
  const file = dockerfileOf(tree, dir);
  if (file !== undefined)
    return {
      rank: rank.page - 5,
      draft: planImage(tree, dir, { dockerfile: file, context: dir }, `${file} builds the app`),
    };
  return detectCompose(context);
}

function detectCompose({ tree, dir }: DetectContext): Candidate | undefined {
  const file = tree.firstFile(composeFiles.map((name) => joinPath(dir, name)));
  const services = file === undefined ? undefined : readCompose(tree.text(file) ?? "");
  if (file === undefined || services === undefined) return undefined;
  const own = services.filter((service) => service.build !== undefined);
  const withPort = own.filter((service) => service.port !== undefined);
  const web = own.length === 1 ? own[0] : withPort.length === 1 ? withPort[0] : undefined;
  if (web?.build === undefined) return refused(file, own);
  const folder = posix.join(dir, web.build.context);
  const dockerfile = posix.join(folder, web.build.dockerfile);
  if (!tree.isFile(dockerfile)) return refused(file, own);
  const image = { ...web.build, context: joinPath(folder), dockerfile: joinPath(dockerfile) };
  const draft = planImage(tree, dir, image, `${file} builds its service ${web.name} with it`);
  applyService(draft, web, file);
  for (const other of services.filter((service) => service !== web)) {
    warn(
      draft,
      "compose-service-not-run",
      `${other.name}${other.image === undefined ? "" : ` (${other.image})`} of ${file} is not run here`,
      "Run it elsewhere and give the app its address in a variable",
    );
  }
  return { rank: rank.page - 5, draft };
}

function applyService(draft: Draft, web: ComposeService, file: string): void {
  Object.assign(draft.plan.env.run, web.environment);
  if (web.port !== undefined) {
    draft.plan.port = web.port;
    because(draft, "port", `${file} publishes ${web.port} of ${web.name}`, "platform-file");
  }
  if (web.command === undefined) return;
  const command = typeof web.command === "string" ? toCommand(web.command) : { argv: [...web.command] };
  draft.plan.serve = { type: "process", start: command };
  because(draft, "serve", `the command of ${web.name} in ${file}`, "platform-file");
}

function refused(file: string, own: readonly ComposeService[]): Candidate {
  const names = own.map(({ name }) => name);
  return {
    rank: rank.weak,
    failure: {
      code: "plan-unsupported",
      message:
        names.length > 1
          ? `${file} builds several services: ${names.slice(0, 8).join(", ")}`
          : `${file} builds no service of this source`,
      fix: "Choose the folder of one app with --dir, or say in cloudsmith.json how it is built and started (dockerfile, or build and start)",
    },
  };
}

function planImage(
  tree: SourceTree,
  dir: string,
  image: {
    readonly dockerfile: string;
    readonly context: string;
    readonly target?: string | null;
    readonly args?: Readonly<Record<string, string>>;
  },
  why: string,
): Draft {
  const draft = newDraft("dockerfile", dir);
  const { dockerfile, context, target = null, args = {} } = image;
  const facts = readDockerfile(tree.text(dockerfile) ?? "");
  draft.plan.image = { dockerfile, context, target, args: { ...args } };
  because(draft, "image", why);
  draft.plan.serve = { type: "process", start: facts.command ?? { argv: [imageCommand] } };
  because(draft, "serve", facts.command === undefined ? "the image says how it starts" : `${dockerfile} says so`);
  if (facts.port !== undefined) {
    draft.plan.port = facts.port;
    because(draft, "port", `${dockerfile} exposes ${facts.port}`);
  }
  draft.plan.health = { ...draft.plan.health, startSeconds: 120 };
  return draft;
}

/** The port that a Dockerfile exposes, where it exposes one. */
export function exposedPort(tree: SourceTree, dir: string): number | undefined {
  const file = dockerfileOf(tree, dir);
  return file === undefined ? undefined : readDockerfile(tree.text(file) ?? "").port;
}

/** The Dockerfile of a folder, where there is one. */
export function dockerfileOf(tree: SourceTree, dir: string): string | undefined {
  return tree.firstFile(files.map((name) => joinPath(dir, name)));
}
