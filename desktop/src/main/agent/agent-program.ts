import { existsSync } from "node:fs";
import { join } from "node:path";

/** How the agent is started: its own Node, and its file. */
export interface AgentProgram {
  readonly node: string;
  readonly entry: string;
  readonly version: string;
}

/**
 * In the installed app the agent is a bundle beside it with its own Node; from a checkout it is the sources, run by the Node that npm
 * installed, else by one on the PATH.
 */
export function agentProgram(places: {
  resources: string;
  checkout: string;
  packaged: boolean;
  version: string;
}): AgentProgram {
  const binary = process.platform === "win32" ? "node.exe" : "node";
  if (places.packaged) {
    const folder = join(places.resources, "agent");
    return { node: join(folder, binary), entry: join(folder, "lib", "agent.mjs"), version: places.version };
  }
  const installed = join(places.checkout, "node_modules", `node-${process.platform}-${process.arch}`, "bin", binary);
  return {
    node: existsSync(installed) ? installed : binary,
    entry: join(places.checkout, "agent", "src", "main.ts"),
    version: places.version,
  };
}
