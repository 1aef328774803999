import type { Activity } from "@cloudsmith/contracts";
import { activity } from "../../words/activity.ts";
import type { Say } from "../../words/say.ts";

type Did = Extract<keyof typeof activity, `did.${string}`>;

function isDid(key: string): key is Did {
  return Object.hasOwn(activity, key);
}

/** What somebody did, as the middle of a sentence. An action that is younger than this page is named as the API names it. */
export function verbOf({ action }: Pick<Activity, "action">, say: Say<typeof activity>): string {
  const key = `did.${action}`;
  if (!isDid(key) || key === "did.other") return say("did.other", { action });
  return say(key);
}

/** What it was about, with a project told by its name. */
export function subjectOf(
  { subject, projectId }: Pick<Activity, "subject" | "projectId">,
  names: ReadonlyMap<string, string>,
): string {
  const name = projectId === null ? undefined : names.get(projectId);
  if (projectId === null || name === undefined) return subject;
  const rest = subject.split(" ").filter((part) => part !== projectId && part !== name);
  return [name, ...rest.filter((part) => part !== "production")].join(" / ");
}
