import { accounts } from "./accounts.ts";
import { auth } from "./auth.ts";
import { deployments } from "./deployments.ts";
import { environments } from "./environments.ts";
import { live } from "./live.ts";
import { logs } from "./logs.ts";
import { activity, events, metrics } from "./operations.ts";
import { projects } from "./projects.ts";
import { samples } from "./samples.ts";
import { sources } from "./sources.ts";
import { repositories } from "./repositories.ts";
import { system } from "./system.ts";

/** The whole API; command line, Launchboard and third parties use this one contract. */
export const contract = {
  system,
  auth,
  accounts,
  repositories,
  projects,
  sources,
  samples,
  environments,
  deployments,
  logs,
  live,
  events,
  activity,
  metrics,
};
export type Contract = typeof contract;

/** Grows when an older client could no longer talk to this API. */
export const apiVersion = 1;
