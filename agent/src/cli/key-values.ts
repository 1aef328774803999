import { CloudSmithError } from "@cloudsmith/contracts";

/** `KEY=value` arguments as a record. Throws `invalid-input` naming the one that is not. */
export function parseKeyValues(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)];
      throw new CloudSmithError("invalid-input", `"${pair}" is not KEY=value`, { fix: "For example: GREETING=Hello" });
    }),
  );
}

/** Where variables are visible: `--scope build|run|both`. */
export type Scope = "build" | "run" | "both";
export const scopes: readonly Scope[] = ["build", "run", "both"];
