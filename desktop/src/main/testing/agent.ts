import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { apiVersion } from "@cloudsmith/contracts/api";
import type { AgentProgram } from "../agent/agent-program.ts";
import { readConnection } from "../agent/installation.ts";

/** A small process that says of itself what an agent says, and ends as one: on being asked, with its connection file. */
const source = `
import { createServer } from "node:http";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
const home = process.argv[process.argv.indexOf("--data") + 1];
const { mode, ...versions } = JSON.parse(readFileSync(join(home, "how.json"), "utf8"));
console.log("starting", mode);
if (mode === "broken") process.exit(3);
const connection = join(home, "agent.json");
const server = createServer((request, response) => {
  if (request.url === "/api/system/shutdown") {
    rmSync(connection, { force: true });
    response.end("{}", () => process.exit(0));
  } else response.end(JSON.stringify({ pid: process.pid }));
});
server.listen(0, "127.0.0.1", () => {
  const url = "http://127.0.0.1:" + server.address().port;
  writeFileSync(connection, JSON.stringify({ url, token: "secret", pid: process.pid, ...versions }));
});
`;

/** A data folder with an agent that can be started in it; what runs ends with it. */
export class AgentDouble {
  readonly home = mkdtempSync(join(tmpdir(), "cloudsmith-supervisor-"));
  readonly program: AgentProgram;

  constructor(version = "0.1.0") {
    const entry = join(this.home, "agent.mjs");
    writeFileSync(entry, source);
    this.program = { node: process.execPath, entry, version };
    this.next({});
  }

  /** How the next one that is started is. */
  next({
    mode = "good",
    version = this.program.version,
    api = apiVersion,
  }: {
    mode?: string;
    version?: string;
    api?: number;
  }): void {
    writeFileSync(join(this.home, "how.json"), JSON.stringify({ mode, version, apiVersion: api }));
  }

  async pid(): Promise<number | undefined> {
    return (await readConnection(this.home))?.pid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const pid = await this.pid();
    try {
      if (pid !== undefined) process.kill(pid, "SIGKILL");
    } catch {
      // It has ended.
    }
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}
