/** Kinds that the list can be narrowed to; all but the first are groups of the API. */
export const kinds = ["all", "deployments", "projects", "environments", "auth", "system"] as const;
export type Kind = (typeof kinds)[number];
