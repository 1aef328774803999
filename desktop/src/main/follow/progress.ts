import type { Deployment, DeploymentState } from "@cloudsmith/contracts";

interface Look {
  /** Share of the way, from 0 to 1; below 0 is none. */
  readonly progress: number;
  readonly mark: "running" | "done" | "failed" | "none";
  readonly word: string;
}

/** How each state looks on a title, a taskbar button and in the tray. */
const looks: Readonly<Record<DeploymentState, Look>> = {
  queued: { progress: 0.03, mark: "running", word: "queued" },
  preparing: { progress: 0.1, mark: "running", word: "preparing" },
  building: { progress: 0.35, mark: "running", word: "building" },
  packaging: { progress: 0.6, mark: "running", word: "packaging" },
  releasing: { progress: 0.75, mark: "running", word: "releasing" },
  verifying: { progress: 0.9, mark: "running", word: "verifying" },
  live: { progress: -1, mark: "done", word: "live" },
  failed: { progress: 1, mark: "failed", word: "failed" },
  canceled: { progress: -1, mark: "none", word: "canceled" },
  superseded: { progress: -1, mark: "none", word: "superseded" },
};

export function lookOf(state: DeploymentState): Look {
  return looks[state];
}

/** `building, 0:42`: the stage, and minutes and seconds since the deployment was asked for. */
export function stageAndTime(deployment: Pick<Deployment, "state" | "createdAt">, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(deployment.createdAt)) / 1000));
  return `${looks[deployment.state].word}, ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
