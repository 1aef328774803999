import type { DetectContext } from "../detect/detector.ts";
import type { Framework } from "../frameworks.ts";
import type { Draft } from "./draft.ts";
import type { PackageManagerChoice } from "./package-manager.ts";
import type { PackageJson } from "./source-tree.ts";
import type { Workspace } from "./workspace.ts";

/** What is known of an app of Node while its plan is made. */
export interface NodeApp {
  readonly context: DetectContext;
  readonly json: PackageJson;
  readonly manager: PackageManagerChoice;
  /** The release of yarn that the repository carries. */
  readonly yarnPath: string | undefined;
  readonly workspace: Workspace | undefined;
  readonly framework: Framework | undefined;
  readonly draft: Draft;
}
