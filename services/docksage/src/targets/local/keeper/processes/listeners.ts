import { execFile } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { promisify } from "node:util";
import type { Listener } from "../../protocol.ts";

const run = promisify(execFile);

/** TCP sockets on which the given processes listen. Linux reads /proc; macOS asks lsof; Windows asks netstat. */
export async function listenersOf(pids: readonly number[]): Promise<Listener[]> {
  if (pids.length === 0) return [];
  if (process.platform === "linux") return fromProc(pids);
  if (process.platform === "win32") return fromNetstat(pids);
  return fromLsof(pids);
}

function fromProc(pids: readonly number[]): Listener[] {
  const inodes = socketInodes(pids);
  if (inodes.size === 0) return [];
  const found = new Map<string, Listener>();
  // All of them share the keeper's network namespace unless they made one, which then is not reachable anyway.
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const listener of parseTcpTable(readTable(table), inodes))
      found.set(`${listener.host} ${listener.port}`, listener);
  }
  return [...found.values()];
}

function readTable(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return ""; // IPv6 is switched off
  }
}

function socketInodes(pids: readonly number[]): Set<string> {
  const inodes = new Set<string>();
  for (const pid of pids) {
    let names: string[];
    try {
      names = readdirSync(`/proc/${pid}/fd`);
    } catch {
      continue; // gone, or changed its user
    }
    for (const name of names) {
      try {
        const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${name}`))?.[1];
        if (inode !== undefined) inodes.add(inode);
      } catch {
        // closed in between
      }
    }
  }
  return inodes;
}

const listenState = "0A";

/** Rows in state LISTEN of /proc/net/tcp or tcp6 (proc_net_tcp(5)) whose inode is among those given. */
export function parseTcpTable(text: string, inodes: ReadonlySet<string>): Listener[] {
  return text
    .split("\n")
    .slice(1)
    .flatMap((line) => {
      const columns = line.trim().split(/\s+/);
      if (columns[3] !== listenState || !inodes.has(columns[9] ?? "")) return [];
      const [address, port] = (columns[1] ?? "").split(":");
      if (address === undefined || port === undefined) return [];
      return [{ host: decodeAddress(address), port: parseInt(port, 16) }];
    });
}

/** Each 32-bit word is printed in the machine's byte order, which is little-endian wherever Node runs but on s390x. */
function decodeAddress(hex: string): string {
  const bytes = [...Buffer.from(hex, "hex")];
  const ordered = bytes.map((_, index) => bytes[index - (index % 4) + (3 - (index % 4))] ?? 0);
  if (ordered.length === 4) return ordered.join(".");
  if (ordered.every((byte) => byte === 0)) return "::";
  if (ordered.every((byte, index) => byte === (index === 15 ? 1 : 0))) return "::1";
  const isMapped = ordered.every((byte, index) => index >= 12 || byte === (index >= 10 ? 0xff : 0));
  if (isMapped) return ordered.slice(12).join(".");
  return Buffer.from(ordered).toString("hex").match(/.{4}/g)?.join(":") ?? hex;
}

async function fromLsof(pids: readonly number[]): Promise<Listener[]> {
  // lsof exits with 1 when one of the pids is gone; what it printed still counts.
  const stdout = await run("lsof", ["-nP", "-a", "-iTCP", "-sTCP:LISTEN", "-p", pids.join(","), "-Fn"]).then(
    (result) => result.stdout,
    (error: unknown) => (error instanceof Error && "stdout" in error ? String(error.stdout) : ""),
  );
  return stdout.split("\n").flatMap((line) => {
    const match = /^n(.*):(\d+)$/.exec(line);
    return match === null ? [] : [{ host: plainHost(match[1] ?? ""), port: Number(match[2]) }];
  });
}

async function fromNetstat(pids: readonly number[]): Promise<Listener[]> {
  const wanted = new Set(pids.map(String));
  const { stdout } = await run("netstat.exe", ["-ano", "-p", "TCP"], { windowsHide: true, maxBuffer: 16e6 });
  return stdout.split("\n").flatMap((line) => {
    const [protocol, local, , state, pid] = line.trim().split(/\s+/);
    if (protocol !== "TCP" || state !== "LISTENING" || !wanted.has(pid ?? "")) return [];
    const match = /^(.*):(\d+)$/.exec(local ?? "");
    return match === null ? [] : [{ host: plainHost(match[1] ?? ""), port: Number(match[2]) }];
  });
}

function plainHost(text: string): string {
  const host = text.replace(/^\[|\]$/g, "");
  return host === "*" ? "0.0.0.0" : host;
}

/** The loopback address at which something that listens on `host` is reached; null when it listens on another network only. */
export function reachableAt(host: string): string | null {
  if (host === "0.0.0.0" || host.startsWith("127.")) return host === "0.0.0.0" ? "127.0.0.1" : host;
  // A dual-stack socket answers on IPv4 too, a v6-only one on ::1 alone; ::1 serves both.
  if (host === "::" || host === "::1") return "::1";
  return null;
}
