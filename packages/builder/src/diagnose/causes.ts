import type { CauseRow } from "./cause-row.ts";
import { compileCauses } from "./compile-causes.ts";
import { packageCauses } from "./package-causes.ts";
import { runCauses } from "./run-causes.ts";

/** All known causes in the order in which they are tried: an earlier row explains more than a later one that matches too. */
export const causes: readonly CauseRow[] = [...packageCauses, ...runCauses, ...compileCauses];
