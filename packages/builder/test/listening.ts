import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { processTable, treeOf } from "../src/process/process-table.ts";

/** What a process and its children listen on, from Linux' tables. */
export async function listeningOf(pid: number): Promise<{ host: string; port: number }[]> {
  const inodes = new Set(treeOf(await processTable(), pid).flatMap((row) => socketsOf(row.pid)));
  return ["tcp", "tcp6"].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, "utf8")
      .split("\n")
      .slice(1)
      .flatMap((line) => {
        const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
        if (state !== "0A" || !inodes.has(inode)) return [];
        const [address = "", port = ""] = local.split(":");
        return [{ host: hostOf(address), port: Number.parseInt(port, 16) }];
      }),
  );
}

function hostOf(address: string): string {
  if (address === "0100007F") return "127.0.0.1";
  if (address === "00000000000000000000000001000000") return "::1";
  return address.length === 8 ? "0.0.0.0" : "::";
}

function socketsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap(
      (fd) => /socket:\[(\d+)\]/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [],
    );
  } catch {
    // It ended meanwhile.
    return [];
  }
}
