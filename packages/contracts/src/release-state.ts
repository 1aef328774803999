/** What a release should do. */
export const desiredReleaseStates = ["running", "stopped"] as const;
export type DesiredReleaseState = (typeof desiredReleaseStates)[number];

/** What a release was last seen doing. */
export const observedReleaseStates = ["unknown", "starting", "healthy", "crashing", "stopped"] as const;
export type ObservedReleaseState = (typeof observedReleaseStates)[number];
