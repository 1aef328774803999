import { request } from "node:http";
import { inject } from "vitest";
import type { SharedServer } from "./global-setup.ts";

/** How long a hook should wait for a shared server, in milliseconds: the first run on a machine downloads it. */
export const sharedServerTimeoutMs = 300_000;

/** Address of a server that the whole test run shares (`host:port` of Kafka, the endpoint of DynamoDB); the first to ask starts it. Keep to names of your own. */
export async function sharedServer(name: SharedServer): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port: inject("testServers"), path: `/${name}` }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () => {
        const text = Buffer.concat(parts).toString("utf8");
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(text));
      });
    });
    asked.setTimeout(sharedServerTimeoutMs, () => asked.destroy(new Error(`The shared ${name} did not start in time`)));
    asked.once("error", reject);
    asked.end();
  });
}
