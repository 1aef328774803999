/** Groups that the list of projects can be narrowed to. */
export const groups = ["all", "live", "deploying", "attention", "stopped"] as const;
export type Group = (typeof groups)[number];
