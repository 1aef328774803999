import { commandTable } from "./command-table.ts";

/** How the person started us, for hints: from a checkout it is not `cloudsmith`. */
export function runAs(): string {
  return process.env.CLOUDSMITH_RUN_AS ?? "cloudsmith";
}

const ownCommand = new RegExp(
  `(?<![\\w/.-])cloudsmith (?=(?:${commandTable.map(({ name }) => name).join("|")})\\b)`,
  "g",
);

/** A text of the agent as this person can follow it: it knows our commands by the name `cloudsmith`. */
export function asTyped(text: string): string {
  return text.replaceAll(ownCommand, `${runAs()} `);
}
