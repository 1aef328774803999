import { CloudSmithError } from "@cloudsmith/contracts";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { homedir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { agentCommand } from "./agent-process.ts";

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

/** The unit: stopping it ends the agent alone, the keeper and the apps go on. */
function systemdText(command: readonly string[]): string {
  const quoted = command.map(
    (part) => `"${part.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("%", "%%")}"`,
  );
  return `[Unit]
Description=CloudSmith agent

[Service]
ExecStart=${quoted.join(" ")}
KillMode=process
Restart=on-failure
RestartPreventExitStatus=75

[Install]
WantedBy=default.target
`;
}

function launchAgent(): Autostart {
  const file = join(homedir(), "Library", "LaunchAgents", `${label}.plist`);
  const domain = `gui/${userInfo().uid}`;
  return {
    name: `launch agent ${file}`,
    isOn: () => Promise.resolve(existsSync(file)),
    async turnOn() {
      await writeNew(file, plistText(agentCommand()));
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

function plistText(command: readonly string[]): string {
  const escape = (text: string): string =>
    text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key><string>${label}</string>
  <key>ProgramArguments</key><array>${command.map((part) => `<string>${escape(part)}</string>`).join("")}</array>
  <key>RunAtLoad</key><true/>
  <key>AbandonProcessGroup</key><true/>
</dict>
</plist>
`;
}

function scheduledTask(): Autostart {
  const command = agentCommand()
    .map((part) => `"${part}"`)
    .join(" ");
  return {
    name: `scheduled task ${taskName}`,
    isOn: () =>
      run("schtasks", ["/Query", "/TN", taskName]).then(
        () => true,
        () => false,
      ),
    async turnOn() {
      const args = ["/Create", "/F", "/SC", "ONLOGON", "/TN", taskName, "/TR", command];
      await run("schtasks", args).catch((error: unknown) => {
        throw refused("schtasks", error);
      });
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
