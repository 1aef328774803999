import type { Variant } from "../frameworks.ts";
import { dependencyNames } from "./framework.ts";
import { buildScript, isNoBuild } from "./node-scripts.ts";
import { joinPath, type PackageJson, type SourceTree } from "./source-tree.ts";

const outputs = ["dist", "build", "public", "out", "_site", "www", "docs"];
const pageFolders = ["", "src", "public", "app", "static", "client", "src/pug", "src/html"];
const clientLibraries = [
  "react",
  "vue",
  "svelte",
  "solid-js",
  "preact",
  "lit",
  "mithril",
  "ember-source",
  "elm",
  "@angular/core",
];

/** A compiler of types writes modules, and no page. */
function onlyCompiles(script: string): boolean {
  return script
    .split(/&&|;/)
    .every((part) => /^\s*(?:(?:npx\s+)?(?:rimraf|tsc|tsup|tsdown)\b|rm\b|mkdir\b)/.test(part));
}

/**
 * A site that a build script makes with tools of no known framework (gulp, webpack, rollup, scripts of its own): it has a build and a page or a page's template, and
 * nothing that serves. Its output is the folder that its script names or that holds a page already; the build corrects a wrong guess.
 */
export function builtSite(tree: SourceTree, dir: string, json: PackageJson): Variant | undefined {
  const name = buildScript(json, undefined);
  if (name === undefined || isNoBuild(json.scripts[name] ?? "") || onlyCompiles(json.scripts[name] ?? ""))
    return undefined;
  const hasPage = pageFolders.some((folder) =>
    tree.names(joinPath(dir, folder)).some((file) => /\.(html?|pug|ejs|hbs|njk)$/.test(file)),
  );
  if (!hasPage) return undefined;
  const output = outputs.find((folder) => tree.isFile(joinPath(dir, folder, "index.html"))) ?? "dist";
  const names = dependencyNames(json);
  return {
    because: `script "${name}" builds pages, and nothing in package.json serves them`,
    static: { output, spa: clientLibraries.some((library) => names.has(library)), immutable: [] },
  };
}
