import type { Framework, Variant } from "../frameworks.ts";
import { valueAt } from "./framework.ts";
import { joinPath, type SourceTree } from "./source-tree.ts";

/** What angular.json says about output and server rendering; undefined for other frameworks. The application builder writes `browser` and `server` below its output path. */
export function angularVariant(tree: SourceTree, dir: string, framework: Framework): Variant | undefined {
  if (framework.name !== "angular") return undefined;
  const config = tree.json(joinPath(dir, "angular.json"));
  const projects = valueAt(config, "projects");
  const names = typeof projects === "object" && projects !== null ? Object.keys(projects) : [];
  const preferred = valueAt(config, "defaultProject");
  const name =
    typeof preferred === "string" && names.includes(preferred)
      ? preferred
      : (names.find((each) => valueAt(config, `projects.${each}.projectType`) === "application") ?? names[0]);
  const build =
    name === undefined
      ? undefined
      : (at(projects, name, "architect", "build") ?? at(projects, name, "targets", "build"));
  const builder = at(build, "builder");
  const modern = typeof builder === "string" && builder.endsWith(":application");
  const stated = at(build, "options", "outputPath");
  const base =
    typeof stated === "string" ? stated : (textAt(stated, "base") ?? (name === undefined ? "dist" : `dist/${name}`));
  const browser = textAt(stated, "browser") ?? "browser";
  const rendersOnServer = at(build, "options", "ssr") !== undefined && at(build, "options", "ssr") !== false;
  if (rendersOnServer && at(build, "options", "outputMode") !== "static")
    return { because: "angular.json turns on server rendering", server: `node ${joinPath(base, "server/server.mjs")}` };
  const output = modern && browser !== "" ? joinPath(base, browser) : joinPath(base);
  return { because: "Angular writes a single-page app", static: { output, spa: true, immutable: [] } };
}

function at(json: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (valueAt({ value }, "value") === undefined ? undefined : own(value, key)),
    json,
  );
}

function own(value: unknown, key: string): unknown {
  // Reading an own key of an object of unknown shape.
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

function textAt(json: unknown, key: string): string | undefined {
  const value = own(json, key);
  return typeof value === "string" ? value : undefined;
}
