import * as z from "zod";
import { SecretVersion, Variable, variableScopes } from "../entities.ts";
import { EnvironmentName, VariableName } from "../names.ts";
import { procedure } from "./procedure.ts";
import { EnvironmentAddress, EnvironmentView, ProjectInput } from "./views.ts";

const path = "/projects/{project}/environments";

const NewVariables = z.record(VariableName, Variable.extend({ value: z.string().max(65_536) }));
const NewSecrets = z.record(
  VariableName,
  z.object({
    value: z.string().min(1).max(65_536),
    scope: z.enum(variableScopes).default("run"),
    revokeOld: z.boolean().default(false),
  }),
);

export const environments = {
  create: procedure("projects.write", "POST", path, "Add an environment")
    .input(ProjectInput.extend({ name: EnvironmentName }))
    .output(EnvironmentView),
  get: procedure("projects.read", "GET", `${path}/{environment}`, "One environment")
    .input(EnvironmentAddress)
    .output(EnvironmentView),
  stop: procedure("deployments.write", "POST", `${path}/{environment}/stop`, "Stop what runs; the address says so")
    .input(EnvironmentAddress)
    .output(EnvironmentView),
  start: procedure("deployments.write", "POST", `${path}/{environment}/start`, "Start what was stopped")
    .input(EnvironmentAddress)
    .output(EnvironmentView),
  resume: procedure(
    "deployments.write",
    "POST",
    `${path}/{environment}/resume`,
    "Resume automatic deployments after a rollback",
  )
    .input(EnvironmentAddress)
    .output(EnvironmentView),
  variables: procedure(
    "variables.read",
    "GET",
    `${path}/{environment}/variables`,
    "Variables, and the names of secrets",
  )
    .input(EnvironmentAddress)
    .output(
      z.object({
        variables: z.record(z.string(), Variable),
        secrets: z.array(SecretVersion.extend({ scope: z.enum(variableScopes) })),
      }),
    ),
  setVariables: procedure("variables.write", "PATCH", `${path}/{environment}/variables`, "Set and unset variables")
    .input(
      EnvironmentAddress.extend({
        set: NewVariables.default({}),
        unset: z.array(VariableName).default([]),
      }),
    )
    .output(EnvironmentView),
  configure: procedure(
    "variables.write",
    "POST",
    `${path}/{environment}/configuration`,
    "Set and unset variables and secrets at once: all of them, or none where one cannot be",
  )
    .input(
      EnvironmentAddress.extend({
        set: NewVariables.default({}),
        secrets: NewSecrets.default({}),
        unset: z.array(VariableName).default([]),
      }),
    )
    .output(EnvironmentView),
  setSecrets: procedure(
    "variables.write",
    "PATCH",
    `${path}/{environment}/secrets`,
    "Set, unset and revoke secrets; each value becomes a new immutable version",
  )
    .input(
      EnvironmentAddress.extend({
        set: NewSecrets.default({}),
        unset: z.array(VariableName).default([]),
      }),
    )
    .output(EnvironmentView),
};
