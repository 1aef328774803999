import { CloudSmithError, newId, type ErrorCode } from "@cloudsmith/contracts";
import { waitFor } from "@cloudsmith/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { EntityOf } from "./entities.ts";
import type { Commit, OutboxEntry, Page, PageOptions, Put, Stored, SystemStore } from "./store.ts";
import { checkAgainstModel } from "./test-model.ts";
import { claim, deployment, event, job, newTeam, source, timelineEntry } from "./test-values.ts";

/** One set of data under test, which more than one store can be opened on, as by several processes. */
export interface StoreUnderTest extends AsyncDisposable {
  open(): Promise<SystemStore>;
}

/** What every adapter of the Store port does; `make` gives new, empty data. */
export function storeConformance(adapter: string, make: () => Promise<StoreUnderTest>, timeout = 30_000): void {
  describe(`${adapter} as a store`, { timeout }, () => {
    let data: StoreUnderTest;
    let store: SystemStore;
    let team: string;

    beforeEach(async () => {
      data = await make();
      store = await data.open();
      team = newTeam();
    }, timeout);
    afterEach(async () => {
      await store.close();
      await data[Symbol.asyncDispose]();
    });

    const put = (value: EntityOf<"claim">, condition: Put["if"] = "any"): Commit => ({
      puts: [{ entity: "claim", value, if: condition }],
    });
    const read = (name: string, teamId = team) => store.get("claim", { teamId, scope: "names", name });

    describe("conditions", () => {
      test("versions start at 1 and grow by 1 with every put", async () => {
        for (const version of [1, 2, 3]) {
          await store.commit(put(claim(team, "a", `owner ${version}`)));
          expect(await read("a")).toEqual({ value: claim(team, "a", `owner ${version}`), version });
        }
      });

      test("absent lets the first one in and no second", async () => {
        await store.commit(put(claim(team, "a", "first"), "absent"));
        await expectCode("conflict", store.commit(put(claim(team, "a", "second"), "absent")));
        expect((await read("a"))?.value.owner).toBe("first");
      });

      test("a version that is not the stored one is a conflict, before and after", async () => {
        await store.commit(put(claim(team, "a")));
        await store.commit(put(claim(team, "a", "2"), { version: 1 }));
        for (const version of [1, 3])
          await expectCode("conflict", store.commit(put(claim(team, "a", "x"), { version })));
        await expectCode("conflict", store.commit(put(claim(team, "b"), { version: 1 })));
        expect(await read("a")).toEqual({ value: claim(team, "a", "2"), version: 2 });
      });

      test("present asks for any version", async () => {
        await expectCode("conflict", store.commit(put(claim(team, "a"), "present")));
        await store.commit(put(claim(team, "a")));
        await store.commit(put(claim(team, "a", "2"), "present"));
        expect((await read("a"))?.version).toBe(2);
      });

      test("checks hold or refuse, and change nothing", async () => {
        await store.commit(put(claim(team, "a")));
        const check = (condition: Commit["checks"]): Commit => ({ ...put(claim(team, "b")), checks: condition ?? [] });
        const on = (name: string, condition: { version: number } | "absent" | "present"): Commit["checks"] => [
          { entity: "claim", value: claim(team, name), if: condition },
        ];
        await expectCode("conflict", store.commit(check(on("a", "absent"))));
        await expectCode("conflict", store.commit(check(on("a", { version: 2 }))));
        await expectCode("conflict", store.commit(check(on("c", "present"))));
        expect(await read("b")).toBeUndefined();
        await store.commit(check(on("a", { version: 1 })));
        await store.commit(check(on("c", "absent")));
        expect((await read("a"))?.version).toBe(1);
        expect((await read("b"))?.version).toBe(2);
      });

      test("deletes ask for their condition too; what was deleted starts again at version 1", async () => {
        const remove = (condition: { version: number } | "present"): Commit => ({
          deletes: [{ entity: "claim", value: claim(team, "a"), if: condition }],
        });
        await expectCode("conflict", store.commit(remove("present")));
        await store.commit(put(claim(team, "a")));
        await expectCode("conflict", store.commit(remove({ version: 2 })));
        await store.commit(remove({ version: 1 }));
        expect(await read("a")).toBeUndefined();
        await store.commit(put(claim(team, "a"), "absent"));
        expect((await read("a"))?.version).toBe(1);
      });
    });

    describe("commits", () => {
      test("all or nothing: one failed condition keeps every item and event out", async () => {
        const commit: Commit = {
          puts: [
            { entity: "claim", value: claim(team, "a"), if: "absent" },
            { entity: "claim", value: claim(team, "b"), if: { version: 7 } },
          ],
          events: [event("key", "never")],
        };
        await expectCode("conflict", store.commit(commit));
        expect(await read("a")).toBeUndefined();
        expect(await store.outbox.pending(10)).toEqual([]);
      });

      test("a commit of nothing is done at once", async () => {
        await store.commit({});
        await store.commit({ puts: [], events: [] });
      });

      test("an item named twice is refused", async () => {
        const twice = claim(team, "a");
        await expectCode(
          "invalid-input",
          store.commit({ ...put(twice), checks: [{ entity: "claim", value: twice, if: "absent" }] }),
        );
        await expectCode("invalid-input", store.commit({ puts: [...puts([twice]), ...puts([twice])] }));
        expect(await read("a")).toBeUndefined();
      });

      test("100 items are one commit, 101 are refused; events and their keys count", async () => {
        const values = Array.from({ length: 101 }, (_, n) => claim(team, `n${n}`));
        await expectCode("invalid-input", store.commit({ puts: puts(values) }));
        await store.commit({ puts: puts(values.slice(0, 100)) });
        const again = puts(values.slice(0, 97));
        const events = [event("key", "1"), event("key", "2")];
        await expectCode("invalid-input", store.commit({ puts: [...again, ...puts([values[97]!])], events }));
        await store.commit({ puts: again, events });
        expect(await all((page) => store.list("claimsOfScope", { teamId: team, scope: "names" }, page))).toHaveLength(
          100,
        );
      });

      test("a value that does not fit its schema throws and nothing is stored", async () => {
        // Forced past the compiler, as a bug would be.
        const wrong = { ...claim(team, "b"), owner: 7 } as unknown as EntityOf<"claim">;
        await expect(store.commit({ puts: puts([claim(team, "a"), wrong]) })).rejects.toThrow(/owner/);
        await expect(
          store.commit({ ...put(claim(team, "a")), events: [{ ...event("key", "x"), partitionkey: "" }] }),
        ).rejects.toThrow(/partitionkey/);
        expect(await read("a")).toBeUndefined();
      });

      test("a key that lacks a field, or is empty or too long, is refused", async () => {
        await expectCode("invalid-input", store.get("claim", { teamId: team, scope: "names" }));
        await expectCode("invalid-input", store.commit(put(claim(team, ""))));
        await expectCode("invalid-input", store.commit(put(claim(team, "x".repeat(1025)))));
        await store.commit(put(claim(team, "undefined")));
        expect(await read("undefined")).toBeDefined();
      });

      test("values of 350 KB come back whole; larger ones are refused with the reason", async () => {
        const project = newId("project");
        const big = source(team, project, ["ä€😀\u0000\n".repeat(20_000), "x".repeat(20_000)]);
        expect(Buffer.byteLength(JSON.stringify(big))).toBeGreaterThan(350_000);
        await store.commit({ puts: [{ entity: "source", value: big, if: "absent" }] });
        expect((await store.get("source", { teamId: team, projectId: project, id: big.id }))?.value).toEqual(big);
        const huge = source(team, project, ["x".repeat(400_000)]);
        await expectCode("too-large", store.commit({ puts: [{ entity: "source", value: huge, if: "absent" }] }));
        const many = Array.from({ length: 12 }, () => source(team, project, ["x".repeat(370_000)]));
        await expectCode(
          "too-large",
          store.commit({ puts: many.map((value) => ({ entity: "source", value, if: "absent" })) }),
        );
      });

      test("text of any script comes back as it was, as key and as value", async () => {
        for (const name of ["üñï-çødé", "日本語", "🚀 rocket", "a\tb", "'; DROP TABLE items; --", "#", "~", "​"]) {
          await store.commit(put(claim(team, name, `owner of ${name}`), "absent"));
          expect((await read(name))?.value).toEqual(claim(team, name, `owner of ${name}`));
        }
      });

      test("of many commits on one version exactly one wins, also from another store on the same data", async () => {
        await store.commit(put(claim(team, "a")));
        const other = await data.open();
        const stores = [store, other, store, other, store, other, store, other];
        const results = await Promise.allSettled(
          stores.map(async (each, n) => each.commit(put(claim(team, "a", `winner ${n}`), { version: 1 }))),
        );
        const winners = results.flatMap(({ status }, n) => (status === "fulfilled" ? [n] : []));
        expect(winners).toHaveLength(1);
        for (const result of results) if (result.status === "rejected") expect(codeOf(result.reason)).toBe("conflict");
        expect(await read("a")).toEqual({ value: claim(team, "a", `winner ${winners[0]}`), version: 2 });
        await other.close();
      });

      test("concurrent increments lose nothing", async () => {
        await store.commit(put(claim(team, "n", "0")));
        const increment = async (): Promise<void> => {
          for (;;) {
            const found = await read("n");
            const next = claim(team, "n", String(Number(found?.value.owner) + 1));
            try {
              return await store.commit(put(next, { version: found?.version ?? 0 }));
            } catch (error) {
              if (codeOf(error) !== "conflict") throw error;
            }
          }
        };
        await Promise.all(Array.from({ length: 10 }, increment));
        expect(await read("n")).toEqual({ value: claim(team, "n", "10"), version: 11 });
      });
    });

    describe("lists", () => {
      const names = (items: readonly Stored<"claim">[]): string[] => items.map(({ value }) => value.name);
      const list = (page?: PageOptions) => store.list("claimsOfScope", { teamId: team, scope: "names" }, page);

      test("pages follow each other in both orders without gap or repeat", async () => {
        const expected = Array.from({ length: 25 }, (_, n) => `n${String(n).padStart(2, "0")}`);
        await store.commit({ puts: puts(expected.toReversed().map((name) => claim(team, name))) });
        expect(names(await all(list, { limit: 7 }))).toEqual(expected);
        expect(names(await all(list, { limit: 7, order: "descending" }))).toEqual(expected.toReversed());
        expect(names(await all(list, { limit: 5 }))).toEqual(expected);
        const exact = await list({ limit: 25 });
        expect(exact.items).toHaveLength(25);
        expect(exact.cursor).toBeUndefined();
        expect(exact.consistency).toBe("strong");
      });

      test("an empty list is one empty page", async () => {
        expect(await list()).toEqual({ items: [], consistency: "strong" });
      });

      test("sort keys compare by their UTF-8 bytes", async () => {
        const mixed = ["Z", "a", "ä", "日", "😀", "~", "0", "10", "9", "ﬀ"];
        await store.commit({ puts: puts(mixed.map((name) => claim(team, name))) });
        const expected = mixed.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
        expect(names(await all(list, { limit: 3 }))).toEqual(expected);
      });

      test("a cursor stays where it is while others insert and delete around it", async () => {
        await store.commit({ puts: puts(["b", "d", "f", "h"].map((name) => claim(team, name))) });
        const first = await list({ limit: 2 });
        expect(names(first.items)).toEqual(["b", "d"]);
        await store.commit({
          puts: puts(["a", "c", "e", "g"].map((name) => claim(team, name))),
          deletes: ["b", "d"].map((name) => ({ entity: "claim", value: claim(team, name), if: "present" })),
        });
        expect(names(await all(list, { limit: 2, cursor: first.cursor! }))).toEqual(["e", "f", "g", "h"]);
        const back = await list({ limit: 2, cursor: first.cursor!, order: "descending" });
        expect(names(back.items)).toEqual(["c", "a"]);
      });

      test("a cursor that is not one is refused", async () => {
        for (const cursor of ["nonsense", "", Buffer.from('["x"]').toString("base64url")])
          await expectCode("invalid-input", list({ cursor }));
      });

      test("pages of more than a megabyte are whole", async () => {
        const project = newId("project");
        const values = Array.from({ length: 8 }, (_, n) => source(team, project, [String(n), "x".repeat(300_000)]));
        for (const value of values) await store.commit({ puts: [{ entity: "source", value, if: "absent" }] });
        const page = await store.list("sourcesOfProject", { teamId: team, projectId: project });
        expect(page.items.map(({ value }) => value.id)).toEqual(values.map(({ id }) => id));
        expect(page.cursor).toBeUndefined();
      });

      test("after a number: only later timeline entries", async () => {
        const id = newId("deployment");
        const entries = Array.from({ length: 12 }, (_, n) => timelineEntry(team, id, n + 1));
        await store.commit({ puts: entries.map((value) => ({ entity: "timelineEntry", value, if: "absent" })) });
        const numbers = async (after?: number, page?: PageOptions) =>
          (
            await all(
              (each) =>
                store.list(
                  "timelineOfDeployment",
                  { teamId: team, deploymentId: id, ...(after !== undefined && { after }) },
                  each,
                ),
              page,
            )
          ).map(({ value }) => value.number);
        expect(await numbers()).toEqual(entries.map(({ number }) => number));
        expect(await numbers(9)).toEqual([10, 11, 12]);
        expect(await numbers(12)).toEqual([]);
        expect(await numbers(8, { limit: 2, order: "descending" })).toEqual([12, 11, 10, 9]);
      });

      test("before a sequence: an environment's earlier deployments, newest first", async () => {
        const environmentId = newId("environment");
        const values = [1, 2, 3, 10, 11].map((sequence) => deployment(team, environmentId, sequence));
        await store.commit({ puts: values.map((value) => ({ entity: "deployment", value, if: "absent" })) });
        const sequences = async (beforeSequence: number | undefined, page: PageOptions) =>
          (
            await all(
              (each) =>
                store.list(
                  "deploymentsOfEnvironment",
                  { teamId: team, environmentId, ...(beforeSequence !== undefined && { beforeSequence }) },
                  each,
                ),
              page,
            )
          ).map(({ value }) => value.sequence);
        const eventually = (expected: number[], before: number | undefined, page: PageOptions) =>
          waitFor(
            `sequences ${expected.join(" ")}`,
            async () => (await sequences(before, page)).join() === expected.join(),
          );
        await eventually([11, 10, 3, 2, 1], undefined, { order: "descending", limit: 2 });
        await eventually([3, 2, 1], 10, { order: "descending", limit: 2 });
        await eventually([1, 2, 3, 10], 11, { limit: 1 });
        await eventually([], 1, {});
      });

      test("an item leaves an index when its value no longer belongs there, and moves in it", async () => {
        const subject = newId("deployment");
        const ready = job(team, { subject, notBefore: "2026-01-01T00:00:00.000Z" });
        const due = async (dueBy: string) =>
          (await all((page) => store.scan("dueJobs", { queue: "build", dueBy }, page))).map(({ value }) => value.id);
        await store.commit({ puts: [{ entity: "job", value: ready, if: "absent" }] });
        await waitFor("the job to be due", async () => (await due("2026-01-01T00:00:00.000Z")).includes(ready.id));
        expect(await due("2025-12-31T23:59:59.999Z")).toEqual([]);
        const claimed: EntityOf<"job"> = { ...ready, state: "claimed", leaseUntil: "2026-02-01T00:00:00.000Z" };
        await store.commit({ puts: [{ entity: "job", value: claimed, if: { version: 1 } }] });
        await waitFor("the job to move", async () => (await due("2026-01-15T00:00:00.000Z")).length === 0);
        expect(await due("2026-02-01T00:00:00.000Z")).toEqual([ready.id]);
        await store.commit({ puts: [{ entity: "job", value: { ...claimed, state: "done" }, if: { version: 2 } }] });
        await waitFor("the job to leave", async () => (await due("2030-01-01T00:00:00.000Z")).length === 0);
        const ofSubject = await store.list("jobsOfSubject", { teamId: team, subject });
        expect(ofSubject.items).toMatchObject([{ value: { state: "done" }, version: 3 }]);
        expect(ofSubject.consistency).toBe("eventual");
      });

      test("the scans go across teams, by their key only", async () => {
        const teams = [newTeam(), newTeam()];
        const jobs = teams.map((teamId) => job(teamId, { subject: newId("deployment") }));
        await store.commit({ puts: jobs.map((value) => ({ entity: "job", value, if: "absent" })) });
        const due = (queue: string) =>
          all((page) => store.scan("dueJobs", { queue, dueBy: "2030-01-01T00:00:00.000Z" }, page));
        await waitFor("both jobs", async () => (await due("build")).length === 2);
        expect(await due("release")).toEqual([]);
      });

      test("teams never see each other, even with equal names and with one id beginning with the other", async () => {
        const [a, b] = [team, `${team}x`];
        await store.commit({ puts: puts([claim(a, "same", "a"), claim(b, "same", "b"), claim(b, "only-b", "b")]) });
        expect(names((await list()).items)).toEqual(["same"]);
        expect((await read("same", b))?.value.owner).toBe("b");
        expect(await read("only-b", a)).toBeUndefined();
        const foreign = await store.list("claimsOfScope", { teamId: b, scope: "names" }, { limit: 1 });
        expect(names((await list({ cursor: foreign.cursor! })).items)).toEqual(["same"]);
      });
    });

    describe("the outbox", () => {
      const sources = (entries: readonly OutboxEntry[]): string[] => entries.map((entry) => entry.event.source);

      test("keeps events until they are removed, whole, in the order of one key's commits", async () => {
        const sent = [event("key", "1"), event("key", "2"), event("key", "3")];
        await store.commit({ events: sent.slice(0, 2) });
        await store.commit({ ...put(claim(team, "a")), events: sent.slice(2) });
        const pending = await store.outbox.pending(10);
        expect(pending.map((entry) => entry.event)).toEqual(sent);
        expect(await store.outbox.pending(10)).toEqual(pending);
        await store.outbox.remove([pending[0]!.id, pending[1]!.id]);
        expect(sources(await store.outbox.pending(10))).toEqual(["3"]);
        await store.outbox.remove(pending.map(({ id }) => id));
        expect(await store.outbox.pending(10)).toEqual([]);
      });

      test("gives no more than asked for, the oldest of a key first", async () => {
        for (let n = 0; n < 6; n++) await store.commit({ events: [event("key", `${n}`), event("key", `${n}b`)] });
        expect(sources(await store.outbox.pending(5))).toEqual(["0", "0b", "1", "1b", "2"]);
      });

      test("hundreds of entries of many keys come out, each key in order", async () => {
        const keys = Array.from({ length: 12 }, () => newId("environment"));
        for (let round = 0; round < 5; round++)
          await store.commit({ events: keys.flatMap((key) => [event(key, `${round}a`), event(key, `${round}b`)]) });
        const seen = new Map<string, string[]>();
        for (;;) {
          const entries = await store.outbox.pending(17);
          if (entries.length === 0) break;
          for (const { event: each } of entries)
            seen.set(each.partitionkey, [...(seen.get(each.partitionkey) ?? []), each.source]);
          await store.outbox.remove(entries.map(({ id }) => id));
        }
        const expected = [0, 1, 2, 3, 4].flatMap((round) => [`${round}a`, `${round}b`]);
        expect([...seen.keys()].toSorted()).toEqual(keys.toSorted());
        for (const key of keys) expect(seen.get(key)).toEqual(expected);
      });

      test("racing writers of one key: entries come in the order in which their commits won, none missing", async () => {
        const stores = [store, await data.open(), await data.open()];
        const key = newId("environment");
        await store.commit(put(claim(team, "counter", "0")));
        const write = async (each: SystemStore): Promise<void> => {
          for (let won = 0; won < 4;) {
            const found = await each.get("claim", { teamId: team, scope: "names", name: "counter" });
            const next = String(Number(found?.value.owner) + 1);
            try {
              const value = claim(team, "counter", next);
              await each.commit({ ...put(value, { version: found?.version ?? 0 }), events: [event(key, next)] });
              won++;
            } catch (error) {
              if (codeOf(error) !== "conflict") throw error;
            }
          }
        };
        await Promise.all(stores.map(write));
        expect(sources(await store.outbox.pending(100))).toEqual(Array.from({ length: 12 }, (_, n) => String(n + 1)));
        await Promise.all(stores.slice(1).map((each) => each.close()));
      });

      test("a commit of this store or of another one wakes who waits; an abort does too", async () => {
        const other = await data.open();
        const never = new AbortController();
        for (const [n, each] of [store, other].entries()) {
          const changed = store.outbox.changed(never.signal);
          await each.commit({ events: [event("key", String(n))] });
          await waitFor("the change to be told", () => changed.then(() => true));
        }
        const aborted = new AbortController();
        const waiting = store.outbox.changed(aborted.signal);
        aborted.abort();
        await waiting;
        await store.outbox.changed(AbortSignal.abort());
        await other.close();
      });
    });

    test("what was committed is there for a store opened later", async () => {
      await store.commit({ ...put(claim(team, "a", "kept")), events: [event("key", "kept")] });
      await store.close();
      store = await data.open();
      expect((await read("a"))?.value.owner).toBe("kept");
      expect((await store.outbox.pending(10)).map((entry) => entry.event.source)).toEqual(["kept"]);
    });

    test("random commits leave what a model in memory has", async () => {
      await checkAgainstModel(() => store);
    });
  });
}

function puts(values: readonly EntityOf<"claim">[]): Put[] {
  return values.map((value) => ({ entity: "claim", value, if: "any" }));
}

/** All items of all pages. */
async function all<T>(list: (page: PageOptions) => Promise<Page<T>>, options: PageOptions = {}): Promise<T[]> {
  const items: T[] = [];
  for (let page = await list(options); ; page = await list({ ...options, cursor: page.cursor })) {
    items.push(...page.items);
    if (page.cursor === undefined) return items;
  }
}

function codeOf(error: unknown): ErrorCode | undefined {
  return error instanceof CloudSmithError ? error.code : undefined;
}

async function expectCode(code: ErrorCode, promise: Promise<unknown>): Promise<void> {
  await expect(promise).rejects.toMatchObject({ name: "CloudSmithError", code });
}
