import type { DoctorCheck } from "@cloudsmith/contracts/api";
import { CloudSmithError } from "@cloudsmith/contracts";
import type { LocalTarget } from "@cloudsmith/docksage";
import type { EventBus } from "@cloudsmith/events";
import type { SecretStore } from "@cloudsmith/secrets";
import type { SystemStore } from "@cloudsmith/store";
import { execFile } from "node:child_process";
import { lookup } from "node:dns/promises";
import { statfs } from "node:fs/promises";
import { promisify } from "node:util";
import type * as z from "zod";
import type { Paths } from "../paths.ts";
import { readRetention } from "./retention/settings.ts";

type Check = z.infer<typeof DoctorCheck>;
type Finding = Omit<Check, "name">;

interface HealthInputs {
  readonly paths: Paths;
  readonly store: SystemStore;
  readonly bus: EventBus;
  readonly secrets: SecretStore;
  readonly target: LocalTarget;
}

const run = promisify(execFile);
const lowDiskBytes = 2 * 1024 ** 3;

/** Every check that `cloudsmith doctor` shows, by name. One that throws has failed with what was thrown. */
const checks: Record<string, (inputs: HealthInputs) => Promise<Finding>> = {
  node: () => Promise.resolve({ status: "ok", message: `Node ${process.versions.node}` }),
  git: () => tool("git", ["--version"], "Install git to deploy from Git repositories"),
  npm: () =>
    tool(
      process.platform === "win32" ? "npm.cmd" : "npm",
      ["--version"],
      "Install npm (it comes with Node) to build Node apps",
    ),
  disk: async ({ paths }) => {
    const { bavail, bsize } = await statfs(paths.home);
    const free = bavail * bsize;
    const message = `${(free / 1024 ** 3).toFixed(1)} GB free below ${paths.home}`;
    return free < lowDiskBytes
      ? { status: "warning", message, fix: "Free some space: cloudsmith doctor --clean" }
      : { status: "ok", message };
  },
  settings: async ({ paths }) => {
    const { deployments, artifacts } = await readRetention(paths.settings);
    return {
      status: "ok",
      message: `${deployments} deployments of an environment are kept, ${artifacts} to go back to`,
    };
  },
  secrets: async ({ secrets }) =>
    (await secrets.status()) === "ready"
      ? { status: "ok", message: "The key opens the secret store" }
      : {
          status: "failed",
          message: "The secret store is locked",
          fix: "Put the key file back, or unlock the key store",
        },
  store: async ({ store }) => {
    await store.get("team", { id: "team_local" });
    return { status: "ok", message: "The database answers" };
  },
  keeper: async ({ target }) => {
    if (!target.isLinked())
      return {
        status: "failed",
        message: "The keeper does not answer: apps may be down",
        fix: "Look at the keeper's log in the data folder",
      };
    const { pid, proxyPort, releases } = await (await target.keeper()).status();
    return { status: "ok", message: `Process ${pid} serves port ${proxyPort} with ${releases.length} releases` };
  },
  events: async ({ bus }) => {
    const letters = await bus.deadLetters.list({ limit: 100 });
    if (letters.items.length > 0)
      return {
        status: "warning",
        message: `${letters.items.length} events could not be handled`,
        fix: "Look at them: cloudsmith events dlq",
      };
    return { status: "ok", message: "Every event was handled" };
  },
  "host names": async () => {
    try {
      await lookup("cloudsmith.localhost");
      return { status: "ok", message: "*.localhost resolves to this machine" };
    } catch {
      return {
        status: "warning",
        message: "*.localhost does not resolve here, though browsers know it",
        fix: "Use the http://127.0.0.1 addresses in other programs",
      };
    }
  },
};

export async function checkHealth(inputs: HealthInputs): Promise<Check[]> {
  return Promise.all(
    Object.entries(checks).map(async ([name, check]): Promise<Check> => {
      try {
        return { name, ...(await check(inputs)) };
      } catch (error) {
        const known = error instanceof CloudSmithError;
        return {
          name,
          status: "failed",
          message: known ? (error.why ?? error.message) : String(error),
          ...(known && error.fix !== undefined && { fix: error.fix }),
        };
      }
    }),
  );
}

async function tool(command: string, args: string[], fix: string): Promise<Finding> {
  try {
    const { stdout } = await run(command, args, { timeout: 10_000 });
    return { status: "ok", message: `${command} ${stdout.trim().replace(/^git version /, "")}` };
  } catch {
    return { status: "warning", message: `${command} is not on PATH`, fix };
  }
}
