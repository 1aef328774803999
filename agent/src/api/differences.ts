import type { Deployment } from "@cloudsmith/contracts";
import type { Difference } from "@cloudsmith/contracts/api";
import { configurationChanges } from "@cloudsmith/deployments";
import type { Store } from "@cloudsmith/store";
import type * as z from "zod";

type DifferenceValue = z.infer<typeof Difference>;

/** What differs between two deployments: commit, source, plan and configuration. Values of variables are shown, of secrets only that they changed. */
export async function differences(store: Store, from: Deployment, to: Deployment): Promise<DifferenceValue[]> {
  return [
    ...commitDifference(from, to),
    ...(await sourceDifference(store, from, to)),
    ...planDifferences(from, to),
    ...(await configurationDifferences(store, from, to)),
  ];
}

function commitDifference(from: Deployment, to: Deployment): DifferenceValue[] {
  const text = (each: Deployment): string | null =>
    each.commit === null ? null : `${each.commit.sha.slice(0, 7)} ${each.commit.message.split("\n", 1)[0] ?? ""}`;
  return from.commit?.sha === to.commit?.sha
    ? []
    : [{ part: "commit", name: "commit", before: text(from), after: text(to) }];
}

async function sourceDifference(store: Store, from: Deployment, to: Deployment): Promise<DifferenceValue[]> {
  const digestOf = async ({ teamId, projectId, sourceId }: Deployment): Promise<string | null> =>
    sourceId === null ? null : ((await store.get("source", { teamId, projectId, id: sourceId }))?.value.digest ?? null);
  const [before, after] = await Promise.all([digestOf(from), digestOf(to)]);
  return before === after
    ? []
    : [{ part: "source", name: "files", before: before?.slice(0, 19) ?? null, after: after?.slice(0, 19) ?? null }];
}

/** Fields of a plan that decide what is built and run; its reasons and warnings are commentary. */
const planFields = [
  "kind",
  "framework",
  "appDir",
  "installDir",
  "packageManager",
  "toolchains",
  "commands",
  "serve",
  "output",
  "port",
  "health",
  "env",
  "persist",
  "limits",
] as const;

function planDifferences(from: Deployment, to: Deployment): DifferenceValue[] {
  const text = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));
  return planFields.flatMap((field): DifferenceValue[] => {
    const before = text(from.plan?.[field]);
    const after = text(to.plan?.[field]);
    return before === after ? [] : [{ part: "plan", name: field, before, after }];
  });
}

async function configurationDifferences(store: Store, from: Deployment, to: Deployment): Promise<DifferenceValue[]> {
  const [before, after] = await Promise.all(
    [from, to].map((each) => store.get("snapshot", { teamId: each.teamId, id: each.snapshotId })),
  );
  if (before === undefined || after === undefined) return [];
  return configurationChanges(before.value, after.value).map(({ kind, name, change }) => {
    if (kind === "secret")
      return {
        part: kind,
        name,
        before: change === "added" ? null : "(secret)",
        after: change === "removed" ? null : "(another secret)",
      };
    if (kind === "variable")
      return {
        part: kind,
        name,
        before: before.value.variables[name]?.value ?? null,
        after: after.value.variables[name]?.value ?? null,
      };
    return {
      part: kind,
      name,
      before: settingText(before.value.settings, name),
      after: settingText(after.value.settings, name),
    };
  });
}

function settingText(settings: object, name: string): string | null {
  const value: unknown = Object.getOwnPropertyDescriptor(settings, name)?.value;
  return value === undefined ? null : JSON.stringify(value);
}
