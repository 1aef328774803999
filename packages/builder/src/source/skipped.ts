/** Names that never belong to a source: version control, installed dependencies, caches of interpreters and editors. */
const neverTaken = new Set([
  ".git",
  ".hg",
  ".svn",
  "node_modules",
  "__pycache__",
  ".venv",
  ".tox",
  ".mypy_cache",
  ".pytest_cache",
  ".ruff_cache",
  ".DS_Store",
  ".pnpm-store",
  ".gradle",
]);

const envFile = /^\.env(\..+)?$/;
const envExample = /^\.env\.(.*\.)?(example|sample|template|dist|defaults?|schema)$|^\.env-(example|sample)$/;

/** True where a path holds a name that is never taken into a source. */
export function isNeverTaken(path: string): boolean {
  return path.split("/").some((name) => neverTaken.has(name));
}

/** True for `.env` and `.env.*`, which hold secrets; false for `.env.example` and its like. */
export function isEnvFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return envFile.test(name) && !envExample.test(name);
}
