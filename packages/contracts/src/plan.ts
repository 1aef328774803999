import * as z from "zod";
import { VariableName } from "./names.ts";

/** Where a value of a plan came from; later ones win. */
export const planOrigins = ["detected", "platform-file", "cloudsmith.json", "project", "flag"] as const;

/** A command: by argv, or a script text that the repository or its owner wrote and that is meant for a shell. */
export const Command = z.union([
  z.object({ argv: z.array(z.string()).min(1) }),
  z.object({ script: z.string().min(1).max(8192) }),
]);
export type Command = z.infer<typeof Command>;

export const PlanReason = z.object({
  /** The plan's field, dotted: `commands.build`. */
  field: z.string(),
  origin: z.enum(planOrigins),
  because: z.string(),
});
export type PlanReason = z.infer<typeof PlanReason>;

export const PlanWarning = z.object({
  code: z.string(),
  message: z.string(),
  fix: z.string().optional(),
});
export type PlanWarning = z.infer<typeof PlanWarning>;

export const ProcessPlan = z.object({
  name: z.string(),
  type: z.enum(["web", "worker", "cron", "release"]),
  command: Command,
  /** False for workers and crons: they are recognised and named as not run. */
  run: z.boolean(),
});

/** How the artifact is served: by a process of its own, or as files by the keeper's static server. */
export const Serve = z.discriminatedUnion("type", [
  z.object({ type: z.literal("process"), start: Command }),
  z.object({
    type: z.literal("static"),
    /** Folder of the files, relative to the artifact's root. */
    dir: z.string(),
    /** Unknown paths answer `index.html`. */
    spa: z.boolean(),
    /** Folders below `dir` whose file names carry a hash: cached for a year as immutable. */
    immutable: z.array(z.string()),
  }),
]);

/** What detection found and settings changed: everything that a build and a start need, and why. Paths are POSIX and relative to the source. */
export const BuildPlan = z.object({
  version: z.literal(1),
  kind: z.enum(["static", "node", "python", "go", "rust", "java", "ruby", "php", "dockerfile"]),
  /** The row of the framework table, or null. */
  framework: z.string().nullable(),
  /** The app's folder in the source; empty for its root. */
  appDir: z.string(),
  /** The folder in which dependencies are installed (the workspace's root); empty for the source's root. */
  installDir: z.string(),
  packageManager: z
    .object({ name: z.string(), version: z.string().nullable(), lockfile: z.string().nullable() })
    .nullable(),
  /** Toolchains by name and the exact version or the range asked for: `{ node: "24.21.0" }`. */
  toolchains: z.record(z.string(), z.string()),
  commands: z.object({
    install: Command.nullable(),
    build: Command.nullable(),
    release: Command.nullable(),
  }),
  serve: Serve,
  processes: z.array(ProcessPlan),
  /** Set where an image is built: of which Dockerfile, in which folder, both relative to the source. */
  image: z
    .object({
      dockerfile: z.string(),
      context: z.string(),
      target: z.string().nullable(),
      args: z.record(z.string(), z.string()),
    })
    .optional(),
  /** Folder that the build writes, relative to `appDir`; null where the app runs in place. */
  output: z.string().nullable(),
  /** "keep" where the start needs packages that production would leave out; absent means they are left out. */
  devDependencies: z.enum(["keep", "prune"]).optional(),
  /** Port the app is expected to listen on when it ignores PORT. */
  port: z.number().int().min(1).max(65535).nullable(),
  health: z.object({ path: z.string().startsWith("/"), startSeconds: z.number().int().positive() }),
  /** Variables that the plan itself sets. */
  env: z.object({ build: z.record(z.string(), z.string()), run: z.record(z.string(), z.string()) }),
  /** Folder, relative to the app's, that survives redeploys; from settings, null for none. */
  persist: z.string().nullable(),
  /** Bounds from settings; null where none was set. */
  limits: z.object({
    memoryMb: z.number().int().nullable(),
    buildMemoryMb: z.number().int().nullable(),
    buildSeconds: z.number().int().nullable(),
  }),
  /** Variables that the repository names as needed (`.env.example`) and that have no value yet. */
  expects: z.array(z.string()),
  /** Folders worth keeping between builds, relative to `appDir` (`.next/cache`). */
  caches: z.array(z.string()),
  reasons: z.array(PlanReason),
  warnings: z.array(PlanWarning),
});
export type BuildPlan = z.infer<typeof BuildPlan>;
export type Serve = z.infer<typeof Serve>;

/** A path that stays inside the folder it is meant from: relative, and not upwards. It may come from a repository that nobody has read. */
export const InnerPath = z
  .string()
  .max(500)
  .regex(/^(?![/\\]|[A-Za-z]:)(?!(?:.*[/\\])?\.\.(?:[/\\]|$))[^\0\r\n]*$/, "expected a folder inside the app's");

/** A folder inside the app's, and not the app's own. */
const InnerFolder = InnerPath.regex(/[^./\\]/, "expected a folder inside the app's, and not all of it");

/** A path to ask for, as it stands in a request. */
const RequestPath = z
  .string()
  .max(2000)
  .regex(/^\/[!-~]*$/, "expected a path such as /health");

/** What a person can set: the content of `cloudsmith.json`, of project settings and of a deployment's flags alike. All fields are optional; later layers win. */
export const PlanSettings = z
  .object({
    $schema: z.string().optional(),
    /** A row of the framework table, or null for none. */
    framework: z.string().nullable().optional(),
    packageManager: z.enum(["npm", "pnpm", "yarn", "bun"]).optional(),
    /** A Dockerfile, relative to the app's folder, that is to build the app also where it can be built without. */
    dockerfile: z.string().optional(),
    /** Version or range by toolchain: `{ "node": "22" }`. */
    toolchains: z.record(z.string(), z.string()).optional(),
    install: z.string().nullable().optional(),
    build: z.string().nullable().optional(),
    release: z.string().nullable().optional(),
    start: z.string().optional(),
    /** Folder of static files to serve, relative to the app's folder. */
    output: InnerPath.optional(),
    spa: z.boolean().optional(),
    port: z.number().int().min(1).max(65535).optional(),
    health: z
      .object({
        path: RequestPath.optional(),
        startSeconds: z.number().int().min(1).max(900).optional(),
      })
      .optional(),
    /** Variables for build and run; never secrets. */
    env: z.record(VariableName, z.string()).optional(),
    /** Folder, relative to the release's working folder, that survives redeploys. */
    persist: InnerFolder.optional(),
    limits: z
      .object({
        memoryMb: z.number().int().min(64).optional(),
        buildMemoryMb: z.number().int().min(128).optional(),
        buildSeconds: z.number().int().min(10).optional(),
      })
      .optional(),
  })
  .strict();
export type PlanSettings = z.infer<typeof PlanSettings>;

/** The platform that an artifact is built for and runs on. */
export const Platform = z.object({
  os: z.enum(["linux", "darwin", "win32"]),
  arch: z.enum(["x64", "arm64"]),
  libc: z.enum(["glibc", "musl", "none"]),
});
export type Platform = z.infer<typeof Platform>;

/** What stands beside `artifact.tar.zst` in the blob store. */
export const ArtifactManifest = z.object({
  version: z.literal(1),
  digest: z.string(),
  /** Bytes of the compressed archive. */
  size: z.number().int().nonnegative(),
  unpackedSize: z.number().int().nonnegative(),
  files: z.number().int().nonnegative(),
  plan: BuildPlan,
  platform: Platform,
  /** Exact versions of the toolchains used. */
  toolchains: z.record(z.string(), z.string()),
});
export type ArtifactManifest = z.infer<typeof ArtifactManifest>;

/** Why a stage failed, in the words that a person reads. */
export const Failure = z.object({
  code: z.string(),
  message: z.string(),
  cause: z.string().optional(),
  fix: z.string().optional(),
  /** Position in the log of the first line that matters. */
  logLine: z.number().int().nonnegative().optional(),
  /** The lines that show it, at most 20. */
  excerpt: z.array(z.string()).max(20).optional(),
  /** A change to project settings that would fix it. */
  suggestion: PlanSettings.optional(),
});
export type Failure = z.infer<typeof Failure>;
