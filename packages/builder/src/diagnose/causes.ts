import type { CauseRow } from "./cause-row.ts";
import { generalCauses } from "./causes/general.ts";
import { goCauses } from "./causes/go.ts";
import { javaCauses } from "./causes/java.ts";
import { nodeBuildCauses } from "./causes/node-build.ts";
import { nodePackageCauses } from "./causes/node-packages.ts";
import { nodeRunCauses } from "./causes/node-run.ts";
import { pythonAgeCauses } from "./causes/python-age.ts";
import { pythonCauses } from "./causes/python.ts";
import { rubyPhpCauses } from "./causes/ruby-php.ts";
import { rustCauses } from "./causes/rust.ts";
import { serviceCauses } from "./causes/services.ts";
import { shellCauses } from "./causes/shell.ts";
import { testCauses } from "./causes/tests.ts";
import { variableCauses } from "./causes/variables.ts";

/** All known causes in the order in which they are tried: an earlier row explains more than a later one that matches too. */
export const causes: readonly CauseRow[] = [
  ...generalCauses,
  ...testCauses,
  ...nodePackageCauses,
  ...serviceCauses,
  ...pythonAgeCauses,
  ...nodeRunCauses,
  ...pythonCauses,
  ...rubyPhpCauses,
  ...variableCauses,
  ...goCauses,
  ...rustCauses,
  ...javaCauses,
  ...nodeBuildCauses,
  ...shellCauses,
];
