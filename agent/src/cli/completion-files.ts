import { homedir } from "node:os";
import { join } from "node:path";

export const shells = ["bash", "zsh", "fish", "powershell"] as const;
export type Shell = (typeof shells)[number];

/** Where a shell looks for the completion of a command by itself; null where a line in its start file is needed instead. */
export function completionFile(shell: Shell, environment: NodeJS.ProcessEnv = process.env): string | null {
  const data = environment.XDG_DATA_HOME ?? join(homedir(), ".local", "share");
  const config = environment.XDG_CONFIG_HOME ?? join(homedir(), ".config");
  if (shell === "bash") return join(data, "bash-completion", "completions", "cloudsmith");
  if (shell === "fish") return join(config, "fish", "completions", "cloudsmith.fish");
  return null;
}

/** What to add to the start file of a shell that has no folder for completions. */
export const startFileLines: Record<Shell, string> = {
  bash: "source <(cloudsmith completion bash)",
  zsh: "source <(cloudsmith completion zsh)",
  fish: "cloudsmith completion fish | source",
  powershell: "cloudsmith completion powershell | Out-String | Invoke-Expression",
};
