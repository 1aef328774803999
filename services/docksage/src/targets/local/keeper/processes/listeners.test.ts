import { once } from "node:events";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { listenersOf, parseTcpTable, reachableAt } from "./listeners.ts";

test("a table of /proc is read in the machine's byte order", () => {
  const row = (address: string, state: string, inode: number) =>
    `   0: ${address} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0000000000000000 100 0 0 10 0`;
  const text = [
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
    row("0100007F:1F90", "0A", 11),
    row("00000000:0050", "0A", 12),
    row("00000000000000000000000001000000:0BB8", "0A", 13),
    row("00000000000000000000000000000000:0BB9", "0A", 14),
    row("0000000000000000FFFF00000100007F:0BBA", "0A", 15),
    row("0100007F:1F91", "01", 16),
    row("0100007F:1F92", "0A", 99),
  ].join("\n");
  expect(parseTcpTable(text, new Set(["11", "12", "13", "14", "15", "16"]))).toEqual([
    { host: "127.0.0.1", port: 8080 },
    { host: "0.0.0.0", port: 80 },
    { host: "::1", port: 3000 },
    { host: "::", port: 3001 },
    { host: "127.0.0.1", port: 3002 },
  ]);
});

test("this process is found listening where it listens", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  expect(await listenersOf([process.pid])).toContainEqual({ host: "127.0.0.1", port });
  server.close();
  expect(await listenersOf([])).toEqual([]);
});

test.each([
  ["0.0.0.0", "127.0.0.1"],
  ["127.0.0.2", "127.0.0.2"],
  ["::", "::1"],
  ["::1", "::1"],
  ["192.168.1.7", null],
])("what listens on %s is reached at %s", (host, at) => {
  expect(reachableAt(host)).toBe(at);
});
