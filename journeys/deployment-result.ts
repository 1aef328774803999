import { Deployment } from "@cloudsmith/contracts";
import { EnvironmentView } from "@cloudsmith/contracts/api";

/** The last line of a followed deployment's stream: how it ended and where the environment stands. */
export function resultOf(items: readonly unknown[]): { deployment: Deployment; environment: EnvironmentView } {
  const last = items.at(-1);
  if (typeof last === "object" && last !== null && "deployment" in last && "environment" in last)
    return { deployment: Deployment.parse(last.deployment), environment: EnvironmentView.parse(last.environment) };
  throw new Error(`The stream did not end with a result:\n${JSON.stringify(items.slice(-5), undefined, 2)}`);
}

/** The address that resolves on every machine. Throws where the environment is not live. */
export function addressOf(items: readonly unknown[]): string {
  const { deployment, environment } = resultOf(items);
  if (environment.plainUrl !== null) return environment.plainUrl;
  throw new Error(`Not live: ${JSON.stringify(deployment.failure ?? deployment.state, undefined, 2)}`);
}
