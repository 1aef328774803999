import { Connection } from "@cloudsmith/contracts";
import { chmod, readFile, rename, rm, writeFile } from "node:fs/promises";

export async function writeConnection(file: string, connection: Connection): Promise<void> {
  await writePrivate(file, `${JSON.stringify(connection)}\n`);
}

/** Replaces a file at once by one that only its owner can read. */
export async function writePrivate(file: string, content: string): Promise<void> {
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, content, { mode: 0o600 });
  if (process.platform !== "win32") await chmod(temporary, 0o600);
  await rename(temporary, file);
}

/** The connection of the agent that runs, or that ended without a goodbye; undefined where there is none or the file is not one of ours. */
export async function readConnection(file: string): Promise<Connection | undefined> {
  try {
    return Connection.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return undefined;
  }
}

/** Removes the file of the agent with this process id; one that ends late leaves that of a newer agent alone. */
export async function removeConnection(file: string, pid: number): Promise<void> {
  if ((await readConnection(file))?.pid === pid) await rm(file, { force: true });
}
