import type { Define } from "./cli.ts";

export interface CommandRow {
  readonly name: string;
  readonly summary: string;
  readonly group: "Deploy" | "Look" | "Configure" | "CloudSmith itself";
  /** Loads the command's file; only the one that was asked for is. */
  readonly load: () => Promise<{ readonly define: Define }>;
}

/** Every command, in the order of the help. */
export const commandTable: readonly CommandRow[] = [
  row("Deploy", "deploy", "Deploy a folder, a Git URL or owner/repo", () => import("./commands/deploy.ts")),
  row("Deploy", "plan", "What deploying would do, and why", () => import("./commands/plan.ts")),
  row("Deploy", "follow", "Follow a deployment that goes on", () => import("./commands/follow.ts")),
  row("Deploy", "cancel", "Cancel what is being deployed", () => import("./commands/cancel.ts")),
  row(
    "Deploy",
    "rollback",
    "Go back to an earlier deployment, without a build",
    () => import("./commands/rollback.ts"),
  ),
  row(
    "Deploy",
    "redeploy",
    "The newest source again, with the configuration of now",
    () => import("./commands/redeploy.ts"),
  ),
  row(
    "Deploy",
    "fix",
    "Apply the suggested fix of a failed deployment and deploy again",
    () => import("./commands/fix.ts"),
  ),
  row("Deploy", "resume", "Resume automatic deployments after a rollback", () => import("./commands/resume.ts")),
  row("Look", "ls", "Projects, what runs and where", () => import("./commands/ls.ts")),
  row("Look", "status", "One project: state, addresses, deployments", () => import("./commands/status.ts")),
  row("Look", "logs", "Logs of an app, or of a deployment with --build", () => import("./commands/logs.ts")),
  row("Look", "open", "Open an app in the browser", () => import("./commands/open.ts")),
  row("Look", "diff", "What differs between two deployments", () => import("./commands/diff.ts")),
  row("Look", "top", "What each live app uses now", () => import("./commands/top.ts")),
  row("Look", "activity", "Who did what", () => import("./commands/activity.ts")),
  row("Look", "events", "Event handlers, dead letters and their replay", () => import("./commands/events.ts")),
  row("Configure", "env", "Variables: ls, set, unset, import", () => import("./commands/env.ts")),
  row("Configure", "secret", "Secrets: ls, set, unset", () => import("./commands/secret.ts")),
  row(
    "Configure",
    "github",
    "Accounts at GitHub: connect, accounts, sign-out, disconnect",
    () => import("./commands/github.ts"),
  ),
  row("Configure", "rename", "Rename a project", () => import("./commands/rename.ts")),
  row("Configure", "stop", "Stop an app", () => import("./commands/stop.ts")),
  row("Configure", "start", "Start a stopped app", () => import("./commands/start.ts")),
  row("Configure", "destroy", "Delete a project and all that belongs to it", () => import("./commands/destroy.ts")),
  row(
    "CloudSmith itself",
    "agent",
    "The background process: start, stop, status, logs, autostart",
    () => import("./commands/agent.ts"),
  ),
  row(
    "CloudSmith itself",
    "doctor",
    "Check everything that CloudSmith stands on",
    () => import("./commands/doctor.ts"),
  ),
  row(
    "CloudSmith itself",
    "support-bundle",
    "Write down what support needs to know, without secrets",
    () => import("./commands/support-bundle.ts"),
  ),
  row("CloudSmith itself", "completion", "Completion for your shell", () => import("./commands/completion.ts")),
  row(
    "CloudSmith itself",
    "uninstall",
    "Stop everything and leave nothing behind",
    () => import("./commands/uninstall.ts"),
  ),
];

function row(group: CommandRow["group"], name: string, summary: string, load: CommandRow["load"]): CommandRow {
  return { group, name, summary, load };
}
