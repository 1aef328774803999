import type { Deployment } from "@cloudsmith/contracts";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { choose } from "./choose.ts";

const now = new Date("2026-06-01T12:00:00Z");
const longAgo = "2026-05-01T12:00:00Z";
const retention = { deployments: 5, artifacts: 2 };

type State = Deployment["state"];

/** A history, oldest first, as `choose` wants it; only the fields that it reads. */
function historyOf(states: readonly State[], patch: (index: number) => Partial<Deployment> = () => ({})): Deployment[] {
  const settled = new Set<State>(["live", "failed", "canceled", "superseded"]);
  const made = states.map((state, index) => ({
    id: `dep_${index + 1}`,
    sequence: index + 1,
    state,
    reuses: null,
    settledAt: settled.has(state) ? longAgo : null,
    ...patch(index),
  }));
  // Everything else of a deployment is of no concern here.
  return made.toReversed() as unknown as Deployment[];
}

const sequences = (deployments: readonly Deployment[]): number[] => deployments.map((each) => each.sequence);
const liveAt = (sequence: number) => ({
  live: { deploymentId: `dep_${sequence}`, releaseId: "rel_1", sequence },
});

test("the newest are kept and the others go", () => {
  const { remove } = choose({ live: null }, historyOf(Array<State>(9).fill("failed")), retention, now);
  expect(sequences(remove)).toEqual([4, 3, 2, 1]);
});

test("what is live and what one would go back to stay, however many failed since", () => {
  const states: State[] = ["live", "live", "live", "live", ...Array<State>(10).fill("failed")];
  const { remove, withArtifact } = choose(liveAt(4), historyOf(states), retention, now);
  expect(sequences(withArtifact)).toEqual([4, 3, 2]);
  expect(sequences(remove)).toEqual([9, 8, 7, 6, 5, 1]);
});

test("what a rollback brought back stays, and what one that runs now uses", () => {
  const states: State[] = [...Array<State>(8).fill("live"), "live", "releasing"];
  const all = historyOf(states, (index) =>
    index === 8 ? { reuses: "dep_1" } : index === 9 ? { reuses: "dep_3" } : {},
  );
  const { remove, withArtifact } = choose(liveAt(9), all, retention, now);
  expect(sequences(withArtifact)).toEqual([10, 9, 8, 7, 3, 1]);
  expect(sequences(remove)).toEqual([5, 4, 2]);
});

test("what has settled within the hour stays with its artifact", () => {
  const all = historyOf(Array<State>(9).fill("live"), () => ({ settledAt: "2026-06-01T11:30:00Z" }));
  const { remove, withArtifact } = choose(liveAt(9), all, retention, now);
  expect(remove).toEqual([]);
  expect(withArtifact).toHaveLength(9);
});

test("whatever the history: nothing open, live or needed goes, and what has its artifact kept is kept", () => {
  const state = fc.constantFrom<State>("live", "failed", "canceled", "superseded", "building", "queued");
  fc.assert(
    fc.property(fc.array(state, { maxLength: 40 }), fc.nat(40), (states, live) => {
      const all = historyOf(states);
      const { remove, withArtifact } = choose(liveAt(live), all, retention, now);
      const gone = new Set(remove.map((each) => each.id));
      expect(remove.every((each) => each.settledAt !== null && each.sequence !== live)).toBe(true);
      expect(withArtifact.some((each) => gone.has(each.id))).toBe(false);
      expect(all.length - remove.length).toBeGreaterThanOrEqual(Math.min(all.length, retention.deployments));
    }),
  );
});
