import { because, toCommand, type Draft } from "./draft.ts";
import { joinPath, type SourceTree } from "./source-tree.ts";

/** Processes of a Procfile by their names: https://devcenter.heroku.com/articles/procfile */
export function readProcfile(tree: SourceTree, dir: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of (tree.text(joinPath(dir, "Procfile")) ?? "").split(/\r?\n/)) {
    const match = /^([A-Za-z0-9_-]+):\s*(.+)$/.exec(line.trim());
    if (match?.[1] !== undefined && match[2] !== undefined) found.set(match[1], match[2].trim());
  }
  return found;
}

/**
 * Puts what a Procfile says onto a plan: its release command, its other processes (named, not run), and its web process where that is trusted. For a compiled app
 * it is not: it names a file that another platform's build would make.
 */
export function applyProcfile(draft: Draft, tree: SourceTree, options: { readonly trustWeb: boolean }): void {
  for (const [name, command] of readProcfile(tree, draft.plan.appDir)) {
    if (name === "release") {
      draft.plan.commands.release = toCommand(command);
      because(draft, "commands.release", "release of the Procfile", "platform-file");
    } else if (name === "web") {
      if (!options.trustWeb) continue;
      draft.plan.serve = { type: "process", start: toCommand(command) };
      because(draft, "serve", "web of the Procfile", "platform-file");
    } else draft.plan.processes.push({ name, type: "worker", command: toCommand(command), run: false });
  }
}
