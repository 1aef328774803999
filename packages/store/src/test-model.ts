import { CloudSmithError } from "@cloudsmith/contracts";
import * as fc from "fast-check";
import { expect } from "vitest";
import type { Check, Commit, Condition, SystemStore } from "./store.ts";
import { claim, event, newTeam } from "./test-values.ts";

/** One write of a random commit, on one of a few names so that conditions meet. */
interface Write {
  readonly kind: "put" | "delete" | "check";
  readonly name: string;
  readonly condition: Condition;
  readonly owner: string;
}

const names = ["a", "b", "c", "d"];

const write: fc.Arbitrary<Write> = fc.record({
  kind: fc.constantFrom("put", "put", "put", "delete", "check"),
  name: fc.constantFrom(...names),
  condition: fc.oneof(
    fc.constantFrom("absent" as const, "present" as const),
    fc.record({ version: fc.integer({ min: 1, max: 3 }) }),
  ),
  owner: fc.string({ unit: "grapheme", maxLength: 8 }),
});

const commit = fc.record({
  writes: fc.uniqueArray(write, { selector: ({ name }) => name, minLength: 1, maxLength: names.length }),
  events: fc.array(fc.constantFrom("key 1", "key 2"), { maxLength: 3 }),
});

type Model = Map<string, { owner: string; version: number }>;

/** Runs random sequences of commits on a store and on a Map, and compares what each leaves. */
export async function checkAgainstModel(store: () => SystemStore): Promise<void> {
  const property = fc.asyncProperty(fc.array(commit, { minLength: 1, maxLength: 12 }), async (commits) => {
    const team = newTeam();
    const model: Model = new Map();
    const outbox: string[] = [];
    for (const [n, { writes, events }] of commits.entries()) {
      const holds = writes.every(({ name, condition }) => isTrue(condition, model.get(name)?.version));
      const sent = events.map((key, index) => event(`${team} ${key}`, `${n}.${index}`));
      const applied = await apply(store(), toCommit(team, writes, sent));
      expect(applied).toBe(holds);
      if (!holds) continue;
      for (const each of writes) change(model, each);
      outbox.push(...sent.map((each) => each.id));
    }
    const { items } = await store().list("claimsOfScope", { teamId: team, scope: "names" });
    const found = items.map(({ value, version }) => [value.name, { owner: value.owner, version }]);
    expect(found).toEqual([...model].toSorted(([a], [b]) => (a < b ? -1 : 1)));
    await expectOutbox(store(), team, outbox);
  });
  await fc.assert(property, { numRuns: 30 });
}

/** What is pending is what was sent, and each key in the order of the commits. */
async function expectOutbox(store: SystemStore, team: string, sent: readonly string[]): Promise<void> {
  const pending = (await store.outbox.pending(1000)).filter((entry) => entry.event.partitionkey.startsWith(team));
  expect(pending.map((entry) => entry.event.id).toSorted()).toEqual(sent.toSorted());
  for (const key of ["key 1", "key 2"]) {
    const ids = pending.filter((entry) => entry.event.partitionkey.endsWith(key)).map((entry) => entry.event.id);
    expect(ids).toEqual(sent.filter((id) => ids.includes(id)));
  }
  await store.outbox.remove(pending.map(({ id }) => id));
}

async function apply(store: SystemStore, wanted: Commit): Promise<boolean> {
  try {
    await store.commit(wanted);
    return true;
  } catch (error) {
    if (error instanceof CloudSmithError && error.code === "conflict") return false;
    throw error;
  }
}

function toCommit(team: string, writes: readonly Write[], events: NonNullable<Commit["events"]>): Commit {
  const of = (kind: Write["kind"]): Check[] =>
    writes
      .filter((each) => each.kind === kind)
      .map((each) => ({ entity: "claim", value: claim(team, each.name, each.owner), if: each.condition }));
  return { checks: of("check"), puts: of("put"), deletes: of("delete"), events };
}

function change(model: Model, { kind, name, owner }: Write): void {
  if (kind === "put") model.set(name, { owner, version: (model.get(name)?.version ?? 0) + 1 });
  if (kind === "delete") model.delete(name);
}

function isTrue(condition: Condition, version: number | undefined): boolean {
  if (condition === "absent") return version === undefined;
  if (condition === "present") return version !== undefined;
  return version === condition.version;
}
