import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CloudSmithError, type BuildPlan, type Command } from "@cloudsmith/contracts";
import { walkTree } from "../../archive/walk.ts";
import { readDockerfile } from "../../plan/dockerfile.ts";
import type { ArtifactContents, BuildContext, Builder } from "../build-context.ts";
import { runStep, tryStep } from "../run-step.ts";
import { StepFailed } from "../step-failed.ts";
import { findImageTool, ImageConfig, imageStore, type ImageJob, type ImageTool } from "./image-tools.ts";
import { systemUser } from "./system-user.ts";

/** Variable in which the artifact's plan carries how the image is entered; see `runtime/sandbox.ts`. */
export const imageSettings = "CLOUDSMITH_IMAGE";

/** Images: built by the machine's own tool, taken apart, and kept as the files that are in them with how they are run. */
export const imageBuilder: Builder = {
  install: () => Promise.resolve(),
  build: buildImage,
  contents,
};

function rootfsOf({ folder }: BuildContext): string {
  return join(folder.root, "rootfs");
}

const configs = new WeakMap<BuildContext, ImageConfig>();

async function buildImage(context: BuildContext): Promise<void> {
  const found = findImageTool(`${process.env["PATH"] ?? ""}:${context.env["PATH"] ?? ""}`);
  const { image } = context.plan;
  if (image === undefined) throw new CloudSmithError("plan-invalid", "The plan names no Dockerfile");
  if (found === undefined) {
    throw new CloudSmithError("toolchain-missing", `${image.dockerfile} needs a program that builds images`, {
      why: "There is neither buildah nor podman nor docker on this machine",
      fix: "Install one (Debian and Ubuntu: apt install buildah), or say in cloudsmith.json how the app is built and started without it (build and start)",
    });
  }
  const job = jobOf(context, image);
  const { tool, file } = found;
  const call = callOf(context, tool, file);
  mkdirSync(job.rootfs, { recursive: true });
  const inTool = withToolEnvironment(context);
  try {
    for (const args of tool.build(job)) await runStep(inTool, call(args), context.folder.source);
    if (existsSync(job.archive))
      await runStep(
        inTool,
        { argv: ["tar", "-xf", job.archive, "-C", job.rootfs, "--exclude=dev/*"] },
        context.folder.root,
      );
    configs.set(context, await inspect(inTool, tool, call(tool.inspect(job)), job));
  } finally {
    for (const args of tool.clean(job))
      await tryStep({ ...inTool, log: () => undefined, say: () => undefined }, call(args), context.folder.root);
  }
}

function callOf(context: BuildContext, tool: ImageTool, file: string): (args: readonly string[]) => Command {
  const global = tool.global(imageStore(context, tool.program));
  // A root's tool mounts layers where everybody sees them, and a failed or killed one leaves them: in a namespace of its own they end with it.
  const own = tool.mounts && process.getuid?.() === 0 ? ["unshare", "--mount", "--"] : [];
  return (args) => ({ argv: [...own, file, ...global, ...args] });
}

/** Arguments that the Dockerfile asks for come from the build's variables, by name: their values stay out of the command line. */
function jobOf(context: BuildContext, image: NonNullable<BuildPlan["image"]>): ImageJob {
  const { source, root, buildId } = context.folder;
  const dockerfile = join(source, image.dockerfile);
  const asked = readDockerfile(readFileSync(dockerfile, "utf8")).args.filter(
    (name) => context.buildVariables[name] !== undefined,
  );
  const args = Object.entries(image.args).filter(([name]) => !asked.includes(name));
  return {
    tag: `cloudsmith-${buildId.toLowerCase()}`,
    dockerfile,
    context: join(source, image.context),
    options: [
      ...(image.target === null ? [] : ["--target", image.target]),
      ...args.flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
      ...asked.flatMap((name) => ["--build-arg", name]),
    ],
    rootfs: join(root, "rootfs"),
    archive: join(root, "image.tar"),
  };
}

/** Where the tool's daemon is, and which storage it is to use, are the person's to say. */
function withToolEnvironment(context: BuildContext): BuildContext {
  const passed = Object.fromEntries(
    ["DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "STORAGE_DRIVER", "STORAGE_OPTS", "XDG_RUNTIME_DIR"].flatMap(
      (name) => {
        const value = process.env[name];
        return value === undefined ? [] : [[name, value] as const];
      },
    ),
  );
  return { ...context, env: { ...context.env, ...passed } };
}

async function inspect(
  context: BuildContext,
  tool: ImageTool,
  command: Command,
  { tag }: ImageJob,
): Promise<ImageConfig> {
  const lines: string[] = [];
  const result = await tryStep(
    { ...context, say: () => undefined, log: (line) => line.stream === "stdout" && lines.push(line.text) },
    command,
    context.folder.root,
  );
  if (result.code !== 0)
    throw new StepFailed({
      code: "build-failed",
      message: `${tool.program} does not know the image ${tag} that it built`,
    });
  return ImageConfig.parse(tool.config(JSON.parse(lines.join("\n"))));
}

function contents(context: BuildContext): Promise<ArtifactContents> {
  const rootfs = rootfsOf(context);
  const config = configs.get(context) ?? {};
  const skip = (path: string): boolean => /^(dev|proc|sys)\//.test(path) || path === ".dockerenv";
  return Promise.resolve({
    entries: walkTree(rootfs, { skip, rootLinks: true, note: context.say }),
    plan: planOf(context.plan, config, rootfs),
  });
}

/** The plan as the artifact has it: it starts what the image starts, unless a person or the compose file said something else. */
function planOf(plan: BuildPlan, config: ImageConfig, rootfs: string): BuildPlan {
  const own = [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])];
  const said = plan.reasons.find((reason) => reason.field === "serve")?.origin;
  const start = said === "detected" || said === undefined ? { argv: own } : overridden(plan, config);
  if (start.argv.length === 0) {
    throw new StepFailed({
      code: "start-command-missing",
      message: "The image does not say how it is started",
      fix: "Add a CMD or an ENTRYPOINT to the Dockerfile, or set start in cloudsmith.json",
    });
  }
  const env = Object.fromEntries(
    (config.Env ?? []).map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
  const user = systemUser(rootfs, config.User ?? "");
  const settings = {
    cwd: config.WorkingDir === "" ? "/" : (config.WorkingDir ?? "/"),
    ...user,
    path: env["PATH"] ?? "",
  };
  return {
    ...plan,
    appDir: "",
    installDir: "",
    serve: { type: "process", start },
    env: { ...plan.env, run: { ...env, ...plan.env.run, [imageSettings]: JSON.stringify(settings) } },
  };
}

function overridden({ serve }: BuildPlan, config: ImageConfig): { argv: string[] } {
  if (serve.type === "static") return { argv: [] };
  const words = "argv" in serve.start ? serve.start.argv : ["/bin/sh", "-c", serve.start.script];
  return { argv: [...(config.Entrypoint ?? []), ...words] };
}
