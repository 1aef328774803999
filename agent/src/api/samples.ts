import { CloudSmithError } from "@cloudsmith/contracts";
import { sampleNames } from "@cloudsmith/contracts/api";
import { requestDeployment, retryOnConflict } from "@cloudsmith/deployments";
import { existsSync } from "node:fs";
import { cp, mkdir, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { os } from "./base.ts";
import { projectView } from "./environment-view.ts";
import { findEnvironment } from "./find.ts";
import { ensureProject } from "./projects.ts";

/** What tools leave in a folder; a checkout's examples may have been run in place. */
const leftovers = new Set(["node_modules", "dist", ".next", "data"]);

export const samples = {
  list: os.samples.list.handler(({ context: { services } }) =>
    sampleNames
      .filter((name) => existsSync(join(services.samples.from, name)))
      .map((name) => ({ name, folder: join(services.samples.to, name) })),
  ),

  deploy: os.samples.deploy.handler(async ({ input, context: { services, caller, traceparent } }) => {
    const path = await copySample(services.samples, input.sample);
    const scope = { teamId: caller.teamId, source: { type: "folder" as const, path, dir: "" }, name: undefined };
    const { project } = await retryOnConflict(() => ensureProject(services, scope, { settings: {}, credential: null }));
    const { value: environment } = await findEnvironment(services.store, project, "production");
    const deployment = await requestDeployment(
      services.store,
      { project, environment, trigger: "manual", requestedBy: caller.actor, traceparent },
      services.now,
    );
    return { project: await projectView(services, project), deployment };
  }),
};

/** The sample in a place where it can be changed; a copy that is there already may have been, and stays. */
async function copySample({ from, to }: { from: string; to: string }, name: string): Promise<string> {
  const source = join(from, name);
  const copy = join(to, name);
  if (existsSync(copy)) return copy;
  if (!existsSync(source))
    throw new CloudSmithError("component-missing", `The sample ${name} is not here`, {
      why: `${source} is not there`,
      fix: "Install CloudSmith again, or deploy a folder of your own",
    });
  await mkdir(to, { recursive: true });
  // Under another name until it is whole: a copy that broke off is not taken for a sample.
  const partial = `${copy}.partial`;
  await rm(partial, { recursive: true, force: true });
  await cp(source, partial, { recursive: true, filter: (file) => !leftovers.has(basename(file)) });
  await rename(partial, copy);
  return copy;
}
