import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Deployment } from "@cloudsmith/contracts";
import { answering, Bundled, settled } from "./bundled.ts";
import { median, seconds, type Bench, type Row } from "./measure.ts";

const examples = join(import.meta.dirname, "..", "examples");
const rounds = 5;

export const again: Bench = {
  name: "Redeploy with nothing changed, and rollback",
  how: `from the request to the switch, without the time that the app itself takes to start (stage verifying); median of ${rounds}`,
  run: async () => {
    await using installation = new Bundled();
    const folder = mkdtempSync(join(tmpdir(), "cloudsmith-bench-"));
    try {
      await installation.startAgent();
      const client = await installation.client();
      const rows: Row[] = [];
      for (const name of ["guestbook", "next-app"]) {
        const path = join(folder, name);
        cpSync(join(examples, name), path, { recursive: true, filter: (file) => !/node_modules|\.next/.test(file) });
        await client.projects.ensure({ source: { type: "folder", path, dir: "" }, name });
        await settled(client, await client.deployments.create({ project: name }));
        await answering(client, name);
        const redeploys: number[] = [];
        const rollbacks: number[] = [];
        for (let round = 0; round < rounds; round++) {
          redeploys.push(ownTime(await settled(client, await client.deployments.create({ project: name }))));
          rollbacks.push(ownTime(await settled(client, await client.deployments.rollback({ project: name }))));
        }
        rows.push(
          row(`${name}: redeploy, nothing changed`, median(redeploys), 1000),
          row(`${name}: rollback`, median(rollbacks), 500),
        );
      }
      return rows;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function row(what: string, took: number, goal: number): Row {
  return { what, figure: seconds(took), goal: `under ${seconds(goal)}`, met: took < goal };
}

/** Milliseconds of a deployment in all stages but the one in which the app starts. */
function ownTime(deployment: Deployment): number {
  return deployment.stageTimes
    .filter(({ stage }) => stage !== "verifying")
    .reduce(
      (total, { startedAt, finishedAt }) =>
        total + (finishedAt === null ? 0 : Date.parse(finishedAt) - Date.parse(startedAt)),
      0,
    );
}
