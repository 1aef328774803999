import type { Failure } from "@cloudsmith/contracts";
import { dependencyNames } from "../plan/framework.ts";
import { resolveScript } from "../plan/node-scripts.ts";
import type { PackageJson } from "../plan/source-tree.ts";

/** Apps with a package.json that open a window of their own or run on a telephone: started here they would end or never answer. */
const kinds: readonly {
  readonly what: string;
  readonly packages: readonly string[];
  readonly starts: RegExp;
  /** With it the same app is also made for browsers. */
  readonly unless: readonly string[];
}[] = [
  {
    what: "a desktop app",
    packages: ["electron", "nw", "@neutralinojs/neu"],
    starts: /(?:^|\s|\/)(?:electron|electron-forge|electronmon|nw|neu)(?:\s|$)/,
    unless: [],
  },
  {
    what: "a mobile app",
    packages: ["react-native", "expo"],
    starts: /\b(?:react-native (?:start|run-)|expo (?:start|run))/,
    unless: ["react-native-web"],
  },
];

/** Why an app is none that answers over HTTP, by what its start script runs. */
export function noWebApp(json: PackageJson): Failure | undefined {
  const names = dependencyNames(json);
  const start = resolveScript(json, "start") ?? "";
  const kind = kinds.find(
    (row) =>
      row.starts.test(start) &&
      row.packages.some((name) => names.has(name)) &&
      !row.unless.some((name) => names.has(name)),
  );
  if (kind === undefined) return undefined;
  return {
    code: "plan-unsupported",
    message: `This is ${kind.what}: its start script runs ${start}`,
    fix: "CloudSmith deploys what answers over HTTP. If the app has a part that does, say in cloudsmith.json how that is built and started",
  };
}
