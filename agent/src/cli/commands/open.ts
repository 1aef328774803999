import { CloudSmithError } from "@cloudsmith/contracts";
import type { Cli, Client, Define } from "../cli.ts";
import { findEnvironment } from "../find-environment.ts";
import { openBrowser } from "../open-browser.ts";

/** `cloudsmith open [project]` */
export const define: Define = (command, cli) => {
  command
    .argument("[project]", "project, or project/environment")
    .option("-e, --environment <name>", "environment")
    .option("--ui", "CloudSmith's own pages, with a code that signs this browser in")
    .option("--print", "only print the address")
    .action(async (name: string | undefined, options: { environment?: string; ui?: boolean; print?: boolean }) => {
      const client = await cli.connect({ start: true });
      const url = options.ui === true ? await signInUrl(client) : await liveUrl(cli, client, name, options.environment);
      cli.out.result({ url }, () => url);
      if (options.print !== true && !cli.out.json) await openBrowser(cli, url);
    });
};

/** An address that signs a browser in once, within a minute. */
async function signInUrl(client: Client): Promise<string> {
  return (await client.auth.createSignInCode()).url;
}

async function liveUrl(
  cli: Cli,
  client: Client,
  name: string | undefined,
  environment: string | undefined,
): Promise<string> {
  const where = await findEnvironment(cli, client, name, environment);
  const { url } = await client.environments.get(where);
  if (url !== null) return url;
  throw new CloudSmithError("not-found", `${where.project} is not live in ${where.environment}`, {
    fix: `Deploy it: cloudsmith redeploy ${where.project}`,
  });
}
