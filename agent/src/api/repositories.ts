import { toErrorBody } from "@cloudsmith/contracts";
import { findCredential, listBranches } from "@cloudsmith/github";
import { credentialsOf } from "./account-view.ts";
import { os } from "./base.ts";

export const repositories = {
  list: os.repositories.list.handler(async ({ input, context: { services, caller, correlationId }, signal }) => {
    const { teamId } = caller;
    const accounts =
      input.account === undefined
        ? (await credentialsOf(services.store, teamId)).filter(
            ({ state, server }) => state !== "waiting" && server !== null,
          )
        : [(await findCredential(services.store, { teamId, id: input.account })).value];
    const { items, cursor, total, problems } = await services.github.lists.next(accounts, { ...input, signal });
    return {
      items: [...items],
      cursor,
      total,
      problems: problems.map(({ error, ...rest }) => ({ ...rest, error: toErrorBody(error, correlationId) })),
    };
  }),

  branches: os.repositories.branches.handler(async ({ input, context: { services, caller }, signal }) => {
    const { items, next } = await listBranches(services.github.access, {
      account: { teamId: caller.teamId, id: input.account },
      repository: input.repository,
      prefix: input.prefix,
      page: input.cursor === undefined ? 1 : Number(input.cursor),
      signal,
    });
    return { items, cursor: next === null ? null : String(next) };
  }),
};
