import type { Failure } from "@cloudsmith/contracts";
import { causeTexts } from "./cause-texts.ts";
import type { DiagnoseInput } from "./diagnose.ts";

const reads =
  /\bprocess\.env\.(?<dot>[A-Z][A-Z0-9_]+)|\bprocess\.env\[["'](?<index>[A-Z][A-Z0-9_]+)["']\]|\bimport\.meta\.env\.(?<vite>[A-Z][A-Z0-9_]+)|\bos\.(?:environ\.get|getenv)\(["'](?<get>[A-Za-z_]\w*)["']\)/;
/** What an empty variable leads to; other errors on such a line have other reasons. */
const emptiness =
  /undefined|NoneType|null|Invalid URL|None\b|Invalid (?:connection|url|uri)|must be (?:of type string|a string)|ERR_INVALID_ARG_TYPE|ERR_INVALID_URL/i;
const codeLines = 12;

/**
 * An app that goes on with a variable that has no value fails where it uses it: the crash quotes that line of its code.
 * Undefined unless the quoted line reads a variable without a default and the error is one of emptiness.
 */
export function variableInCode(
  lines: readonly string[],
  from: number,
  { facts }: DiagnoseInput,
  running: boolean,
): Failure | undefined {
  for (const [offset, text] of lines.slice(from).entries()) {
    const groups = reads.exec(text)?.groups;
    const name = groups?.["dot"] ?? groups?.["index"] ?? groups?.["vite"] ?? groups?.["get"];
    if (name === undefined || /\?\?|\|\||\?\./.test(text) || facts?.variables?.includes(name) === true) continue;
    const after = lines.slice(from + offset + 1, from + offset + 1 + codeLines);
    const error = after.findIndex((line) => /^\s*(?:\w*Error\b|\w+Exception\b)/.test(line));
    if (error < 0 || !emptiness.test(after[error] ?? "")) continue;
    const code = running ? "variable-missing-at-run" : "variable-missing-at-build";
    return {
      code,
      message: `The code reads the variable ${name} and fails where it is used: it has no value`,
      fix: causeTexts[code].fix.replace("{what}", name),
      logLine: from + offset,
    };
  }
  return undefined;
}
