import { Deployment } from "@cloudsmith/contracts";
import { EnvironmentView } from "@cloudsmith/contracts/api";
import { z } from "zod";

const Result = z.object({ type: z.literal("result"), deployment: Deployment, environment: EnvironmentView.optional() });

/** The last line of a followed deployment's stream: how it ended and where the environment stands. */
export function resultOf(items: readonly unknown[]): {
  deployment: Deployment;
  environment?: EnvironmentView | undefined;
} {
  const last = Result.safeParse(items.at(-1));
  if (last.success) return last.data;
  throw new Error(`The stream did not end with a result:\n${JSON.stringify(items.slice(-5), undefined, 2)}`);
}

/** The address that resolves on every machine. Throws where the environment is not live. */
export function addressOf(items: readonly unknown[]): string {
  const { deployment, environment } = resultOf(items);
  if (environment?.plainUrl != null) return environment.plainUrl;
  throw new Error(`Not live: ${JSON.stringify(deployment.failure ?? deployment.state, undefined, 2)}`);
}
