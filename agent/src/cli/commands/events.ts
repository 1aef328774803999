import type { Command } from "commander";
import type { Cli, Define } from "../cli.ts";
import { formatTable } from "../format.ts";

/** `cloudsmith events [dlq|replay|discard]` */
export const define: Define = (command, cli) => {
  command.action(() => status(cli));
  command
    .command("dlq")
    .description("Events whose handler failed too often")
    .option("--cursor <cursor>", "the next page")
    .action(({ cursor }: { cursor?: string }) => deadLetters(cli, cursor));
  change(command, cli, "replay", "Hand a dead letter to its handler again");
  change(command, cli, "discard", "Drop a dead letter");
};

async function status(cli: Cli): Promise<void> {
  const groups = await (await cli.connect()).events.status();
  cli.out.result(groups, () =>
    formatTable(
      ["group", "behind", "dead letters"],
      groups.map((each) => [each.group, String(each.lag), String(each.deadLetters)]),
    ),
  );
}

async function deadLetters(cli: Cli, cursor: string | undefined): Promise<void> {
  const client = await cli.connect();
  const page = await client.events.deadLetters({ limit: 100, ...(cursor !== undefined && { cursor }) });
  cli.out.result(page, () =>
    page.items.length === 0
      ? "No dead letters"
      : [
          ...formatTable(
            ["id", "group", "type", "subject", "tries", "failed", "error"],
            page.items.map((each) => [
              each.id,
              each.group,
              each.type,
              each.subject,
              String(each.attempts),
              each.failedAt,
              each.error,
            ]),
          ),
          ...(page.cursor === null ? [] : [`More: ${cli.hint(`events dlq --cursor ${page.cursor}`)}`]),
        ],
  );
}

function change(command: Command, cli: Cli, verb: "replay" | "discard", description: string): void {
  command
    .command(`${verb} <id...>`)
    .description(description)
    .action(async (ids: string[]) => {
      const client = await cli.connect({ start: true });
      for (const id of ids) await client.events[verb]({ id });
      cli.out.result({ [verb]: ids }, () => `${ids.length} ${verb === "replay" ? "handed over again" : "dropped"}`);
    });
}
