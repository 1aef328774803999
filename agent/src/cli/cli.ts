import type { Command } from "commander";
import type { AgentClient } from "../client.ts";
import type { Output } from "./output.ts";

export type Client = AgentClient;

/** What a command gets. */
export interface Cli {
  readonly out: Output;
  /** The API of the agent; one that does not run is started where the command needs it. */
  connect(options?: { readonly start?: boolean }): Promise<Client>;
  /** How the person would type a command, for hints: `cloudsmith status shop`. */
  readonly hint: (command: string) => string;
  /** The command that is being run, with a project named in it. */
  readonly naming: (project: string) => string;
}

/** Adds arguments, options and action to a command; each file of `commands/` exports one. */
export type Define = (command: Command, cli: Cli) => void;
