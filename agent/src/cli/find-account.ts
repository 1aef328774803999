import { CloudSmithError } from "@cloudsmith/contracts";
import type { AccountView } from "@cloudsmith/contracts/api";
import type { Cli, Client } from "./cli.ts";

/** An account by its id, name or login. */
export async function findAccount(cli: Cli, client: Client, name: string): Promise<AccountView> {
  const found = (await client.accounts.list()).filter((each) => [each.id, each.name, each.login].includes(name));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  throw new CloudSmithError(
    only === undefined ? "not-found" : "invalid-input",
    only === undefined ? `There is no account ${name}` : `There are ${found.length} accounts ${name}`,
    { fix: `Name one by its id; see them: ${cli.hint("github accounts --json")}` },
  );
}
