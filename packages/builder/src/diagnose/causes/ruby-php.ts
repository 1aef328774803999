import type { CauseRow } from "../cause-row.ts";

/** Bundler and Ruby, Composer and PHP. */
export const rubyPhpCauses: readonly CauseRow[] = [
  {
    code: "engine-refused",
    when: "build",
    lines: [
      /Your Ruby version is \S+, but your Gemfile specified (?<what>.+)/,
      /requires php (?<what>\S+) -> your php version/,
    ],
    message: "The app asks for another version of the runtime: {what}",
  },
  {
    code: "lockfile-out-of-step",
    when: "build",
    lines: [
      /The gemspecs? for .* changed|deployment mode after changing|the (?<what>Gemfile\.lock) .*can't be updated/i,
      /The lock file is not up to date with the latest changes in (?<what>composer\.json)/,
    ],
    message: "The lockfile does not fit the list of dependencies ({what})",
    plain: "The lockfile does not fit the list of dependencies",
  },
  {
    code: "package-not-found",
    when: "build",
    lines: [/Could not find gem '(?<what>[^']+)'/, /Root composer\.json requires (?<what>\S+), it could not be found/],
    message: "The package {what} does not exist in the version that is asked for",
  },
  {
    code: "module-missing-in-production",
    when: "run",
    lines: [
      /cannot load such file -- (?<what>\S+) \(LoadError\)/,
      /PHP Fatal error: +Uncaught Error: Class "(?<what>[^"]+)" not found/,
    ],
    message: "{what} is needed to run and is not installed",
  },
  {
    code: "syntax-error",
    when: "any",
    lines: [/PHP Parse error: +(?<what>.*)/],
    message: "The code does not compile: {what}",
  },
];
