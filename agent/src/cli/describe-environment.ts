import type { Deployment, SourceRef } from "@cloudsmith/contracts";
import type { EnvironmentView } from "@cloudsmith/contracts/api";
import type { Output } from "./output.ts";

type State = EnvironmentView["observed"]["state"];

const marks: Record<State, { mark: string; color: "green" | "yellow" | "red" | "dim" }> = {
  healthy: { mark: "●", color: "green" },
  starting: { mark: "◐", color: "yellow" },
  crashing: { mark: "✖", color: "red" },
  stopped: { mark: "■", color: "dim" },
  unknown: { mark: "?", color: "yellow" },
  none: { mark: "○", color: "dim" },
};

/** The state of an environment as a mark and a word, so that it does not need its colour. */
export function describeState({ colors }: Output, { observed: { state } }: EnvironmentView): string {
  const { mark, color } = marks[state];
  return colors[color](`${mark} ${state === "none" ? "not live" : state}`);
}

/** How a deployment stands: of those that went live, one is. */
export function deploymentState({ id, state }: Deployment, { liveDeployment }: EnvironmentView): string {
  return state === "live" && id !== liveDeployment?.id ? "was live" : state;
}

/** A source as one would type it. */
export function describeSource(source: SourceRef): string {
  const dir = source.dir === "" ? "" : ` (${source.dir})`;
  if (source.type === "folder") return `${source.path}${dir}`;
  const address = source.type === "git" ? source.url : `${source.server}/${source.name}`;
  return `${address}${source.ref === null ? "" : `#${source.ref}`}${dir}`;
}
