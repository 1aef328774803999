/** The version of this build; the bundle replaces it with that of the release. */
export const version = "0.1.0";
