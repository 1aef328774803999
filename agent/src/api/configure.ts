import { CloudSmithError, newId, type Environment, type SecretVersion, type Variable } from "@cloudsmith/contracts";
import { retryOnConflict } from "@cloudsmith/deployments";
import type { Delete, Put, Store } from "@cloudsmith/store";
import type * as z from "zod";
import type { AgentServices } from "../services.ts";
import type { Caller } from "./base.ts";
import { environmentChanged } from "./environment-changed.ts";
import { findBoth, findEnvironment } from "./find.ts";

export interface NewSecret {
  readonly value: string;
  readonly scope: z.infer<typeof Variable>["scope"];
  /** Marks the present version as revoked in favour of this one, so that a rollback never brings it back. */
  readonly revokeOld: boolean;
}

/** What one request changes in the configuration of an environment: all of it or nothing. */
export interface ConfigurationEdit {
  readonly variables?: Readonly<Record<string, z.infer<typeof Variable>>>;
  readonly secrets?: Readonly<Record<string, NewSecret>>;
  readonly unsetVariables?: readonly string[];
  readonly unsetSecrets?: readonly string[];
}

type FreshSecret = NewSecret & { readonly id: string; readonly name: string };

/** Revocations go into the one commit that brings the new versions, and a commit holds at most 100 items. */
export const maxRevocations = 90;
/** Records of versions written at once. */
const batch = 90;

/**
 * Changes variables and secrets of an environment by one commit, however many they are. Records and values of new secrets are written before it and
 * mean nothing until it names them; where it does not come they are taken away again, or collected later if this process is killed.
 */
export async function configure(
  services: AgentServices,
  caller: Caller,
  where: { project: string; environment: string },
  edit: ConfigurationEdit,
): Promise<Environment> {
  const { project, environment } = await findBoth(services.store, caller.teamId, where);
  const fresh = Object.entries(edit.secrets ?? {}).map(([name, secret]) => ({
    ...secret,
    name,
    id: newId("secretVersion"),
  }));
  refuseUnclear(edit, fresh);
  const records = fresh.map((each) => newVersion(environment, each, caller, services.now().toISOString()));
  try {
    for (const part of batches(records)) await services.store.commit({ puts: part.map(putOf) });
    for (const each of fresh) await services.secrets.put({ teamId: caller.teamId }, each.id, each.value);
    return await retryOnConflict(async () => {
      const before = await findEnvironment(services.store, project, where.environment);
      const after = edited(before.value, edit, fresh);
      await services.store.commit({
        puts: [
          { entity: "environment", value: after, if: { version: before.version } },
          ...(await revocations(services.store, before.value, fresh, services.now().toISOString())),
        ],
        events: [environmentChanged(after, before.version + 1)],
      });
      return after;
    });
  } catch (error) {
    await takeBack(services, records);
    throw error;
  }
}

function refuseUnclear({ variables = {} }: ConfigurationEdit, fresh: readonly FreshSecret[]): void {
  const both = fresh.find(({ name }) => Object.hasOwn(variables, name));
  if (both !== undefined)
    throw new CloudSmithError("invalid-input", `${both.name} cannot be a variable and a secret at once`, {
      fix: "Set it as one of the two",
    });
  if (fresh.filter((each) => each.revokeOld).length > maxRevocations)
    throw new CloudSmithError("too-large", `At most ${maxRevocations} secrets can be revoked at once`, {
      why: "Old versions are revoked in the same moment in which the new ones take their place",
      fix: "Set them in several steps",
    });
}

function edited(before: Environment, edit: ConfigurationEdit, fresh: readonly FreshSecret[]): Environment {
  const { variables = {}, unsetVariables = [], unsetSecrets = [] } = edit;
  const references = Object.fromEntries(fresh.map(({ name, id, scope }) => [name, { version: id, scope }]));
  return {
    ...before,
    // A name is one or the other: setting it as a secret takes the variable away, and the other way round.
    variables: without({ ...before.variables, ...variables }, [...unsetVariables, ...Object.keys(references)]),
    secrets: without({ ...before.secrets, ...references }, [...unsetSecrets, ...Object.keys(variables)]),
  };
}

function newVersion(
  environment: Environment,
  { id, name }: FreshSecret,
  caller: Caller,
  createdAt: string,
): SecretVersion {
  const { teamId, id: environmentId } = environment;
  return { id, teamId, environmentId, name, createdAt, createdBy: caller.actor, revokedAt: null, successor: null };
}

function putOf(value: SecretVersion): Put {
  return { entity: "secretVersion", value, if: "absent" };
}

async function revocations(
  store: Store,
  environment: Environment,
  fresh: readonly FreshSecret[],
  now: string,
): Promise<Put[]> {
  const puts: Put[] = [];
  for (const { id: successor, name, revokeOld } of fresh) {
    const present = environment.secrets[name];
    if (!revokeOld || present === undefined) continue;
    const { teamId, id: environmentId } = environment;
    const stored = await store.get("secretVersion", { teamId, environmentId, id: present.version });
    if (stored === undefined) continue;
    const value = { ...stored.value, revokedAt: now, successor };
    puts.push({ entity: "secretVersion", value, if: { version: stored.version } });
  }
  return puts;
}

/** Values go first: a value whose record is there is found again, one without would not be. */
async function takeBack({ store, secrets }: AgentServices, records: readonly SecretVersion[]): Promise<void> {
  try {
    const [first] = records;
    if (first === undefined) return;
    await secrets.delete(
      { teamId: first.teamId },
      records.map((each) => each.id),
    );
    for (const part of batches(records)) {
      const there = await Promise.all(part.map((value) => store.get("secretVersion", value)));
      const deletes = there.flatMap((found): Delete[] =>
        found === undefined ? [] : [{ entity: "secretVersion", value: found.value, if: "present" }],
      );
      await store.commit({ deletes });
    }
  } catch {
    // What the caller has to hear is why the change failed; what is left here the garbage collection takes.
  }
}

function batches<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / batch) }, (_, index) =>
    all.slice(index * batch, (index + 1) * batch),
  );
}

function without<V>(record: Readonly<Record<string, V>>, names: readonly string[]): Record<string, V> {
  const gone = new Set(names);
  return Object.fromEntries(Object.entries(record).filter(([name]) => !gone.has(name)));
}
