import { fileURLToPath } from "node:url";

/** The argv that starts a keeper: the source in development, the file beside this one in a bundle. */
export function keeperCommand(): string[] {
  const isSource = import.meta.url.endsWith(".ts");
  const entry = isSource ? "../../../services/docksage/src/targets/local/keeper/main.ts" : "./keeper.mjs";
  return [process.execPath, "--disable-warning=ExperimentalWarning", fileURLToPath(new URL(entry, import.meta.url))];
}
