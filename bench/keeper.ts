import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answering, Bundled, settled } from "./bundled.ts";
import { proportionalMb, residentMb, type Bench } from "./measure.ts";

const apps = 20;

/** The smallest server there is. */
const source = `require("node:http").createServer((q, s) => s.end("ok")).listen(process.env.PORT)`;

export const keeper: Bench = {
  name: "Keeper",
  how: `resident memory of its process with ${apps} running Node apps, after 100 requests to each; beside it the proportional set size, in which pages that it shares with the apps count in part`,
  run: async () => {
    await using installation = new Bundled();
    const folder = mkdtempSync(join(tmpdir(), "cloudsmith-bench-"));
    try {
      await installation.startAgent();
      const client = await installation.client();
      for (let number = 1; number <= apps; number++) {
        const name = `app-${number}`;
        const path = join(folder, name);
        mkdirSync(path);
        writeFileSync(join(path, "server.js"), source);
        writeFileSync(join(path, "package.json"), JSON.stringify({ name, scripts: { start: "node server.js" } }));
        await client.projects.ensure({ source: { type: "folder", path, dir: "" }, name });
        await settled(client, await client.deployments.create({ project: name }));
        const url = await answering(client, name);
        for (let request = 0; request < 100; request++) await (await fetch(url)).arrayBuffer();
      }
      const checks = await client.system.doctor();
      const pid = Number(/Process (\d+)/.exec(checks.find((check) => check.name === "keeper")?.message ?? "")?.[1]);
      const proportional = await proportionalMb(pid);
      const resident = await residentMb(pid);
      return [
        {
          what: `keeper with ${apps} apps (${proportional.toFixed(0)} MB proportional)`,
          figure: `${resident.toFixed(0)} MB`,
          goal: "under 80 MB",
          met: resident < 80,
        },
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
