import { randomUUID } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { startGuarded } from "./guard.ts";
import { mavenLibraries } from "./maven.ts";
import { waitFor } from "./wait-for.ts";

export interface DynamoDb extends AsyncDisposable {
  readonly endpoint: string;
}

/** Starts DynamoDB Local, Amazon's own, with its data in memory. It dies with this process. Needs Java 17 and, the first time, Maven. */
export async function startDynamoDb(options: { dir: string }): Promise<DynamoDb> {
  const { folder, classPath } = await mavenLibraries("dynamodb");
  await mkdir(options.dir, { recursive: true });
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const log = join(options.dir, `dynamodb-${randomUUID()}.log`);
    const server = startGuarded(
      "java",
      [
        "-Xmx256m",
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        `-Djava.library.path=${folder}`,
        "-cp",
        classPath,
        "com.amazonaws.services.dynamodbv2.local.main.ServerRunner",
        "-inMemory",
        "-disableTelemetry",
        "-port",
        String(port),
      ],
      { log, cwd: options.dir },
    );
    try {
      await waitFor("DynamoDB Local to answer", async () => server.ended || (await accepts(port)), {
        timeoutMs: 60_000,
        everyMs: 20,
      });
      if (!server.ended) return { endpoint: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => server.stop() };
    } catch (error) {
      await server.stop();
      throw error;
    }
    // A free port can be taken before the server binds it.
    const tail = (await readFile(log, "utf8")).slice(-2000);
    if (attempt === 3) throw new Error(`DynamoDB Local did not start. Its last output:\n${tail}`);
  }
}

async function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
