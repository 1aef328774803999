import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { access, mkdir, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Where the test parts of all runs are kept: the user's cache folder, so that only the first run downloads. */
export function cacheDir(): string {
  const base =
    process.env["XDG_CACHE_HOME"] ??
    (process.platform === "win32" ? process.env["LOCALAPPDATA"] : undefined) ??
    join(homedir(), process.platform === "darwin" ? "Library/Caches" : ".cache");
  return join(base, "cloudsmith-test");
}

/**
 * The libraries of `maven/<name>.pom.xml`, downloaded once through Maven, each checked against `maven/<name>.sha256`.
 * Returns the folder that holds them and the class path in a fixed order. Throws a sentence that says what is missing.
 */
export async function mavenLibraries(name: "kafka" | "dynamodb"): Promise<{ folder: string; classPath: string }> {
  await need("java", "Java 17 or newer", "apt-get install openjdk-17-jre-headless");
  const listFile = fileURLToPath(new URL(`../maven/${name}.sha256`, import.meta.url));
  const list = await readFile(listFile, "utf8");
  const libraries = list
    .trim()
    .split("\n")
    .map((line) => {
      const [digest = "", file = ""] = line.split(/\s+\*?/);
      return { digest, file };
    });
  // Another list is another folder: what stands in one was checked and never changes.
  const folder = join(cacheDir(), `${name}-${createHash("sha256").update(list).digest("hex").slice(0, 12)}`);
  if (!(await exists(folder))) await download(name, folder, libraries);
  const jars = libraries.filter(({ file }) => file.endsWith(".jar")).map(({ file }) => join(folder, file));
  return { folder, classPath: jars.join(process.platform === "win32" ? ";" : ":") };
}

async function download(
  name: string,
  folder: string,
  libraries: readonly { digest: string; file: string }[],
): Promise<void> {
  await need("mvn", "Maven", "apt-get install maven");
  const partial = `${folder}.${randomUUID()}`;
  await mkdir(partial, { recursive: true });
  try {
    const pom = fileURLToPath(new URL(`../maven/${name}.pom.xml`, import.meta.url));
    const goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", `-DoutputDirectory=${partial}`];
    await run("mvn", ["-q", "-B", "--strict-checksums", "-f", pom, ...goal], { timeout: 240_000 });
    for (const { digest, file } of libraries) {
      const found = await sha256(join(partial, file));
      if (found !== digest) throw new Error(`${file} has the SHA-256 ${found}, not ${digest}`);
    }
    // Whole or not at all; a run that was first has put the same files there.
    await rename(partial, folder).catch(async (error: unknown) => {
      if (!(await exists(folder))) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function need(program: string, what: string, install: string): Promise<void> {
  try {
    await run(program, ["-version"], { timeout: 60_000 });
  } catch (cause) {
    throw new Error(`These tests need ${what}: \`${program}\` does not run. On Debian or Ubuntu: ${install}`, {
      cause,
    });
  }
}

async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
