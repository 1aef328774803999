import type { BuildPlan } from "@cloudsmith/contracts";
import type { Builder } from "./build-context.ts";
import { goBuilder, rustBuilder } from "./compiled.ts";
import { imageBuilder } from "./image/image.ts";
import { phpBuilder, rubyBuilder } from "./interpreted.ts";
import { javaBuilder } from "./java.ts";
import { nodeBuilder } from "./node.ts";
import { pythonBuilder } from "./python.ts";
import { staticBuilder } from "./static.ts";

/** How each kind of plan is built. */
export const builders: Readonly<Record<BuildPlan["kind"], Builder>> = {
  node: nodeBuilder,
  static: staticBuilder,
  python: pythonBuilder,
  go: goBuilder,
  rust: rustBuilder,
  java: javaBuilder,
  ruby: rubyBuilder,
  php: phpBuilder,
  dockerfile: imageBuilder,
};
