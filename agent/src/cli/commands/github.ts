import { CloudSmithError } from "@cloudsmith/contracts";
import type { AccountView, FlowView } from "@cloudsmith/contracts/api";
import type { Command } from "commander";
import { text as readAll } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { askHidden } from "../ask.ts";
import type { Cli, Client, Define } from "../cli.ts";
import { findAccount } from "../find-account.ts";
import { formatTable } from "../format.ts";
import { openBrowser } from "../open-browser.ts";

interface ConnectOptions {
  readonly org?: string;
  readonly oauthClient?: string;
  readonly private?: boolean;
  readonly token?: boolean;
  readonly print?: boolean;
}

const pollMs = 1000;

/** `cloudsmith github connect|accounts|sign-out|disconnect`. A secret comes from standard input or is asked for, never from the command line, which others can read. */
export const define: Define = (command, cli) => {
  const sub = (usage: string, description: string): Command => command.command(usage).description(description);
  sub("connect [account]", "Create a GitHub App of your own and sign in; with an account: sign in to it anew")
    .option("--org <name>", "the organization that the app shall belong to (default: you)")
    .option("--oauth-client <id>", "use this OAuth client instead; its secret is asked for")
    .option("--private", "with an OAuth client: ask for private repositories too")
    .option("--token", "use a fine-grained token instead; it is asked for or read from standard input")
    .option("--print", "only print the address to sign in at")
    .action((name: string | undefined, options: ConnectOptions) => connect(cli, name, options));
  sub("accounts", "Accounts that repositories are read with").action(() => list(cli));
  sub("sign-out <account>", "Revoke its token at GitHub; its app stays").action(async (name: string) => {
    const client = await cli.connect({ start: true });
    const { id: account } = await findAccount(cli, client, name);
    const outcome = await client.accounts.signOut({ account });
    cli.out.result(outcome, () => [`Signed out of ${name}`, ...(outcome.note === null ? [] : [outcome.note])]);
  });
  sub("disconnect <account>", "Revoke its token and forget its secrets; what is deployed stays").action(
    async (name: string) => {
      const client = await cli.connect({ start: true });
      const { id: account } = await findAccount(cli, client, name);
      const outcome = await client.accounts.disconnect({ account });
      cli.out.result(outcome, () => [`${name} is disconnected`, ...(outcome.note === null ? [] : [outcome.note])]);
    },
  );
};

async function connect(cli: Cli, name: string | undefined, options: ConnectOptions): Promise<void> {
  const client = await cli.connect({ start: true });
  if (options.token === true) return connectToken(cli, client);
  const { flow, url, expiresAt } = await begin(cli, client, name, options);
  if (cli.out.json || options.print === true) {
    cli.out.result({ flow, url, expiresAt }, () => url);
    return;
  }
  cli.out.note(`Go on in your browser: ${url}`);
  await openBrowser(cli, url);
  const account = await finished(client, flow);
  cli.out.result(account, () => [
    `${cli.out.colors.green("●")} Signed in to GitHub as ${account.login ?? account.name}`,
    ...(account.app?.installUrl == null
      ? []
      : [`  choose its repositories  ${cli.out.colors.cyan(account.app.installUrl)}`]),
  ]);
}

async function begin(cli: Cli, client: Client, name: string | undefined, options: ConnectOptions) {
  const access = options.private === true ? ("private" as const) : undefined;
  if (name !== undefined) {
    const { id: account } = await findAccount(cli, client, name);
    return client.accounts.signIn({ account, ...(access !== undefined && { access }) });
  }
  if (options.oauthClient !== undefined) {
    const clientSecret = await secret(`Secret of ${options.oauthClient} (not shown): `);
    return client.accounts.connectOauthClient({
      clientId: options.oauthClient,
      clientSecret,
      access: access ?? "public",
    });
  }
  return client.accounts.createGithubApp({ ...(options.org !== undefined && { organization: options.org }) });
}

async function connectToken(cli: Cli, client: Client): Promise<void> {
  const account = await client.accounts.connectToken({ token: await secret("Token (not shown): ") });
  cli.out.result(account, () => [`${cli.out.colors.green("●")} Reads GitHub as ${account.login}`, ...account.notes]);
}

/** Waits until the person has finished in the browser. Throws what went wrong there. */
async function finished(client: Client, flow: string): Promise<AccountView> {
  for (;;) {
    const view: FlowView = await client.accounts.flow({ flow });
    if (view.state === "done" && view.account !== null) return view.account;
    if (view.error !== null) {
      const { code, message, cause: why, fix } = view.error;
      throw new CloudSmithError(code, message, { why, fix });
    }
    await wait(pollMs);
  }
}

async function list(cli: Cli): Promise<void> {
  const accounts = await (await cli.connect({ start: true })).accounts.list();
  cli.out.result(accounts, () =>
    accounts.length === 0
      ? `No accounts yet. Create a GitHub App of your own: ${cli.hint("github connect")}`
      : formatTable(
          ["name", "kind", "as", "state", "projects"],
          accounts.map(({ name, kind, login, state, projects }) => [
            name,
            kind,
            login ?? "-",
            state,
            projects.join(", ") || "-",
          ]),
        ),
  );
}

async function secret(question: string): Promise<string> {
  if (process.stdin.isTTY) return (await askHidden(question, "Pipe it in on standard input")).trim();
  return (await readAll(process.stdin)).trim();
}
