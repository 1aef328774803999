import type { BuildPlan } from "@cloudsmith/contracts";

/** The smallest app of a framework as a repository holds it; its packages come from the package registry when it is built. */
export interface FrameworkApp {
  readonly name: string;
  readonly kind: BuildPlan["kind"];
  readonly framework: string | null;
  /** By path; what is no text becomes JSON. */
  readonly files: Readonly<Record<string, string | object>>;
  /** The app's folder; the root where it is not given. */
  readonly dir?: string;
  readonly served: "static" | "process";
  readonly path?: string;
  readonly answer: RegExp;
  /** What the app is given when it runs, as a person would set it. */
  readonly env?: Readonly<Record<string, string>>;
}

export function packageJson(
  scripts: Readonly<Record<string, string>>,
  dependencies: Readonly<Record<string, string>>,
  devDependencies: Readonly<Record<string, string>> = {},
  rest: Readonly<Record<string, unknown>> = {},
): object {
  return { name: "app", version: "1.0.0", private: true, scripts, dependencies, devDependencies, ...rest };
}
