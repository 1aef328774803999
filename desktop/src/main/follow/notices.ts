import type { Deployment } from "@cloudsmith/contracts";
import { placeName, type Place } from "./team-state.ts";

export interface Notice {
  readonly deploymentId: string;
  readonly title: string;
  readonly body: string;
  readonly actions: readonly NoticeAction[];
}
export interface NoticeAction {
  readonly label: string;
  readonly does: { readonly type: "open-url"; readonly url: string } | { readonly type: "show-log" };
}

interface Circumstances {
  readonly place: Place;
  /** Where the app answers, once it is live. */
  readonly url: string | null;
  /** The deployment that a person looks at right now. */
  readonly inView: string | undefined;
  readonly paused: boolean;
}

/** The notification of an outcome; undefined where nobody is to be told. */
export function noticeOf(deployment: Deployment, { place, url, inView, paused }: Circumstances): Notice | undefined {
  if (paused || inView === deployment.id) return undefined;
  const showLog = { label: "Show log", does: { type: "show-log" } } as const;
  if (deployment.state === "failed") {
    const { message, fix } = deployment.failure ?? { message: "The deployment failed", fix: undefined };
    return {
      deploymentId: deployment.id,
      title: `${placeName(place)} failed`,
      body: fix === undefined ? message : `${message}\n${fix}`,
      actions: [showLog],
    };
  }
  if (deployment.state !== "live") return undefined;
  const warning = deployment.warnings[0]?.message;
  return {
    deploymentId: deployment.id,
    title: warning === undefined ? `${placeName(place)} is live` : `${placeName(place)} is live, with a warning`,
    body: warning ?? url ?? `Deployment ${deployment.sequence}`,
    actions: url === null ? [showLog] : [{ label: "Open app", does: { type: "open-url", url } }, showLog],
  };
}
