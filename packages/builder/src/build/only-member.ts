import { readFileSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import type { BuildPlan } from "@cloudsmith/contracts";
import { parseDocument } from "yaml";
import { SourceTree } from "../plan/source-tree.ts";
import { findWorkspace, neededMembers } from "../plan/workspace.ts";

/** Takes every member out of the pnpm workspace of a build's copy of the source but the app and those it needs; its other settings stay. */
export function keepOnlyMember(source: string, { appDir, installDir }: Pick<BuildPlan, "appDir" | "installDir">): void {
  const tree = new SourceTree(source);
  const workspace = findWorkspace(tree, appDir);
  if (workspace?.root !== installDir) return;
  const members = [...neededMembers(tree, workspace, appDir), appDir].map((dir) => posix.relative(installDir, dir));
  const file = join(source, installDir, "pnpm-workspace.yaml");
  const content = parseDocument(readFileSync(file, "utf8"));
  content.set("packages", members);
  writeFileSync(file, content.toString());
}
