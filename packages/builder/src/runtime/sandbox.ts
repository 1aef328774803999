import { accessSync, constants } from "node:fs";
import { CloudSmithError, type BuildPlan } from "@cloudsmith/contracts";
import * as z from "zod";
import { imageSettings } from "../build/image/image.ts";

const Settings = z.object({ cwd: z.string(), uid: z.number(), gid: z.number(), home: z.string(), path: z.string() });

export interface SandboxOptions {
  /** The unpacked files of the image. */
  readonly rootfs: string;
  readonly argv: readonly string[];
  /** A folder of this machine that the app has too, under the same path. */
  readonly persistDir: string | undefined;
}

const programs = ["/usr/bin/bwrap", "/usr/local/bin/bwrap", "/bin/bwrap"];

/**
 * How the command of an image is run on its files: in namespaces of its own for files, users and processes, without privileges, on the network of this machine, so that it is
 * reached and stopped like any other app. Throws `toolchain-missing` where bubblewrap is not installed.
 */
export function enterImage(plan: BuildPlan, options: SandboxOptions): string[] {
  const program = programs.find(isProgram);
  if (program === undefined) {
    throw new CloudSmithError("toolchain-missing", "Images are run by bubblewrap, which is not on this machine", {
      fix: "Install it (Debian and Ubuntu: apt install bubblewrap; Fedora: dnf install bubblewrap), then deploy again",
    });
  }
  const settings = Settings.parse(JSON.parse(plan.env.run[imageSettings] ?? "{}"));
  const { uid, gid } = settings;
  const system = ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--tmpfs", "/run"];
  const network = ["/etc/resolv.conf", "/etc/hosts"].flatMap((file) => ["--ro-bind-try", file, file]);
  const persist = options.persistDir === undefined ? [] : ["--bind-try", options.persistDir, options.persistDir];
  const spaces = ["--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"];
  const rights = ["--uid", String(uid), "--gid", String(gid), "--die-with-parent", "--cap-drop", "ALL"];
  const home = ["--chdir", settings.cwd, "--setenv", "HOME", settings.home, "--setenv", "TMPDIR", "/tmp"];
  const path = settings.path === "" ? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" : settings.path;
  const variables = ["--setenv", "PATH", path, "--unsetenv", imageSettings];
  return [
    program,
    "--bind",
    options.rootfs,
    "/",
    ...system,
    ...network,
    ...persist,
    ...spaces,
    ...rights,
    ...home,
    ...variables,
    ...options.argv,
  ];
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
