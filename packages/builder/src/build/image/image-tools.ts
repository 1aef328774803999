import { accessSync, constants, mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import * as z from "zod";
import type { BuildContext } from "../build-context.ts";

/** What an image says of how it is run: https://github.com/opencontainers/image-spec/blob/main/config.md */
export const ImageConfig = z.looseObject({
  Env: z.array(z.string()).nullish(),
  Entrypoint: z.array(z.string()).nullish(),
  Cmd: z.array(z.string()).nullish(),
  WorkingDir: z.string().nullish(),
  User: z.string().nullish(),
});
export type ImageConfig = z.infer<typeof ImageConfig>;

export interface ImageJob {
  /** The tool's name for the image while it is built. */
  readonly tag: string;
  readonly dockerfile: string;
  readonly context: string;
  /** Options for both: target and arguments. */
  readonly options: readonly string[];
  /** Created; gets the files of the image. */
  readonly rootfs: string;
  /** A file that may be written. */
  readonly archive: string;
}

/** A program that builds images: its commands in turn. To add one: a row here. */
export interface ImageTool {
  readonly program: string;
  /** True where it mounts layers itself and has no daemon that does. */
  readonly mounts: boolean;
  /** Options of every call, with the folder where its store is kept. */
  readonly global: (store: string) => readonly string[];
  /** The last one leaves the files in `rootfs`. */
  readonly build: (job: ImageJob) => readonly (readonly string[])[];
  readonly inspect: (job: ImageJob) => readonly string[];
  readonly config: (answer: unknown) => unknown;
  readonly clean: (job: ImageJob) => readonly (readonly string[])[];
}

const Buildah = z.looseObject({ OCIv1: z.looseObject({ config: z.unknown() }) });
const Docker = z.tuple([z.looseObject({ Config: z.unknown() })]);

function dockerLike(program: string, mounts: boolean, global: ImageTool["global"]): ImageTool {
  return {
    program,
    mounts,
    global,
    build: ({ tag, dockerfile, context, options, archive }) => [
      ["build", "--tag", tag, "--file", dockerfile, ...options, context],
      ["create", "--name", tag, tag],
      ["export", "--output", archive, tag],
    ],
    inspect: ({ tag }) => ["image", "inspect", tag],
    config: (answer) => Docker.parse(answer)[0].Config,
    clean: ({ tag }) => [
      ["rm", "--force", tag],
      ["rmi", "--force", tag],
    ],
  };
}

const storeOptions = (store: string): string[] => ["--root", join(store, "root"), "--runroot", join(store, "run")];

/** The table of programs that build images, the one that needs least first. */
export const imageTools: readonly ImageTool[] = [
  {
    program: "buildah",
    mounts: true,
    global: (store) => storeOptions(store),
    build: ({ tag, dockerfile, context, options, rootfs }) => {
      const how = ["build", "--isolation", "chroot", "--layers", "--tag", tag, "--file", dockerfile];
      return [[...how, "--output", `type=local,dest=${rootfs}`, ...options, context]];
    },
    inspect: ({ tag }) => ["inspect", "--type", "image", tag],
    config: (answer) => Buildah.parse(answer).OCIv1.config,
    // Its layers stay for the next build, below the cache.
    clean: ({ tag }) => [["rmi", "--force", "--no-prune", tag]],
  },
  dockerLike("podman", true, storeOptions),
  dockerLike("docker", false, () => []),
];

/** The first tool that is on PATH, with the program's path. */
export function findImageTool(path: string): { readonly tool: ImageTool; readonly file: string } | undefined {
  for (const tool of imageTools) {
    const file = path
      .split(delimiter)
      .map((folder) => join(folder, tool.program))
      .find(isProgram);
    if (file !== undefined) return { tool, file };
  }
  return undefined;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Where a tool keeps layers between builds. */
export function imageStore({ cacheDir }: BuildContext, program: string): string {
  const store = join(cacheDir, "images", program);
  mkdirSync(store, { recursive: true });
  return store;
}
