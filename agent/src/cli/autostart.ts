import { CloudSmithError } from "@cloudsmith/contracts";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { agentCommand } from "./agent-process.ts";
import { plistText, systemdText, taskXml } from "./autostart-files.ts";

const run = promisify(execFile);

/** How a platform starts a program when a person signs in. */
export interface Autostart {
  /** What it is there, in words. */
  readonly name: string;
  isOn(): Promise<boolean>;
  turnOn(): Promise<void>;
  turnOff(): Promise<void>;
}

const taskName = "CloudSmith";
const label = "dev.cloudsmith.agent";
const unit = "cloudsmith-agent.service";

const platforms: Partial<Record<NodeJS.Platform, () => Autostart>> = {
  linux: systemdUnit,
  darwin: launchAgent,
  win32: scheduledTask,
};

/** The autostart of this platform. Throws `component-missing` where we know none. */
export function autostart(): Autostart {
  const known = platforms[process.platform];
  if (known !== undefined) return known();
  throw new CloudSmithError("component-missing", `Autostart is not known for ${process.platform}`, {
    fix: `Run this when you sign in: ${agentCommand().join(" ")}`,
  });
}

function systemdUnit(): Autostart {
  const file = join(process.env.XDG_CONFIG_HOME ?? join(homedir(), ".config"), "systemd", "user", unit);
  return {
    name: `systemd user unit ${file}`,
    isOn: () => Promise.resolve(existsSync(file)),
    async turnOn() {
      await writeNew(file, systemdText(agentCommand()));
      try {
        await run("systemctl", ["--user", "daemon-reload"]);
        await run("systemctl", ["--user", "enable", unit]);
      } catch (error) {
        await rm(file, { force: true });
        throw refused("systemctl --user", error);
      }
    },
    async turnOff() {
      // Where systemd does not answer there is nothing that it could still start.
      await run("systemctl", ["--user", "disable", unit]).catch(() => undefined);
      await rm(file, { force: true });
      await run("systemctl", ["--user", "daemon-reload"]).catch(() => undefined);
    },
  };
}

function launchAgent(): Autostart {
  const file = join(homedir(), "Library", "LaunchAgents", `${label}.plist`);
  const domain = `gui/${userInfo().uid}`;
  return {
    name: `launch agent ${file}`,
    isOn: () => Promise.resolve(existsSync(file)),
    async turnOn() {
      await writeNew(file, plistText(label, agentCommand()));
      await run("launchctl", ["bootstrap", domain, file]).catch((error: unknown) => {
        throw refused("launchctl", error);
      });
    },
    async turnOff() {
      // It may not be loaded; the file is what counts at the next sign-in.
      await run("launchctl", ["bootout", `${domain}/${label}`]).catch(() => undefined);
      await rm(file, { force: true });
    },
  };
}

function scheduledTask(): Autostart {
  return {
    name: `scheduled task ${taskName}`,
    isOn: () =>
      run("schtasks", ["/Query", "/TN", taskName]).then(
        () => true,
        () => false,
      ),
    async turnOn() {
      const folder = await mkdtemp(join(tmpdir(), "cloudsmith-"));
      const file = join(folder, "task.xml");
      try {
        // Task Scheduler reads UTF-16 with its mark; what its command line takes is too short for a long path.
        await writeFile(file, `\uFEFF${taskXml(userInfo().username, agentCommand())}`, "utf16le");
        await run("schtasks", ["/Create", "/F", "/TN", taskName, "/XML", file]);
      } catch (error) {
        throw refused("schtasks", error);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    async turnOff() {
      // A task that is not there cannot be deleted, which is what is wanted.
      await run("schtasks", ["/Delete", "/F", "/TN", taskName]).catch(() => undefined);
    },
  };
}

async function writeNew(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

function refused(tool: string, error: unknown): CloudSmithError {
  const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
  return new CloudSmithError("component-missing", "Autostart could not be set up", {
    why: `${tool}: ${said === "" ? (error instanceof Error ? error.message : String(error)) : said}`,
    fix: `Run this when you sign in instead: ${agentCommand().join(" ")}`,
    cause: error,
  });
}
