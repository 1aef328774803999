import type { CauseRow } from "../cause-row.ts";

/** A release that is only source, whose setup.py was written for tools of its time. */
const setupFails = {
  code: "native-build-failed",
  when: "build",
  message: "The package {what} has no prebuilt file for this Python, and its own setup fails",
  fix: "Take a newer release of {what}, or the Python of its time (.python-version, or toolchains in cloudsmith.json)",
} as const;

/** pip, uv, poetry, and Python itself with its servers. */
export const pythonCauses: readonly CauseRow[] = [
  {
    code: "engine-refused",
    when: "build",
    lines: [
      /requires a different Python: (?<what>.*)/,
      /Requires-Python (?<what>[<>=!~.\d, ]+)/,
      /requires Python ?(?<what>[<>=!~.\d, ]*\d)/,
      /Current Python version \(\S+\) is not allowed by the project \((?<what>[^)]+)\)/,
      /No interpreter found for Python (?<what>\S+)/,
    ],
    unless: /Ignored the following versions/,
    message: "A package or the app itself refuses this version of Python: {what}",
    fix: "State the version it asks for in .python-version or under toolchains in cloudsmith.json, or take versions of the packages that fit",
  },
  {
    code: "lockfile-out-of-step",
    when: "build",
    lines: [
      /changed significantly since (?<what>poetry\.lock) was last generated/,
      /The lockfile at `(?<what>uv\.lock)` needs to be updated/,
      /Your (?<what>Pipfile\.lock) \(\S+\) is out of date/,
    ],
    message: "The lockfile {what} does not fit the list of dependencies",
  },
  {
    code: "peer-conflict",
    when: "build",
    lines: [
      /ERROR: Cannot install (?<what>.+) because these package versions have conflicting dependencies/,
      /ResolutionImpossible/,
      /version solving failed/,
      /No solution found when resolving dependencies/,
    ],
    message: "Packages ask for versions that cannot go together: {what}",
    plain: "Packages ask for versions of another package that cannot go together",
  },
  {
    code: "package-not-found",
    when: "build",
    lines: [
      /Could not find a version that satisfies the requirement (?<what>\S+)/,
      /No matching distribution found for (?<what>\S+)/,
      /Because (?<what>\S+) was not found in the package registry/,
      /Because .* depends on (?<what>\S+) .*which doesn't match any versions/,
      /Invalid requirement: '?(?<what>[^'\n]+)/,
    ],
    message: "The package {what} does not exist in the index in the version that is asked for",
  },
  {
    code: "config-invalid",
    when: "build",
    lines: [/No such file or directory: '(?<what>[\w.-]*requirements[\w.-]*\.txt)'/],
    message: "The list of dependencies {what} is not there",
  },
  {
    code: "shared-library-missing",
    when: "any",
    lines: [
      /error while loading shared libraries: (?<what>\S+):/,
      /(?<what>\S+\.so[.\d]*): cannot open shared object file/,
      /version `(?<what>GLIBC[\w.]+)' not found/,
      /Unable to load shared library '(?<what>[^']+)'/,
      /Library not loaded: (?<what>\S+)/,
    ],
    message: "The system library {what} is missing",
  },
  {
    code: "app-object-not-found",
    when: "run",
    lines: [
      /Failed to find attribute '(?<what>[^']+)' in '[^']+'/,
      /Error loading ASGI app\. (?<what>.*)/,
      /Failed to parse '(?<what>[^']+)' as an attribute name/,
      /Could not (?:locate a Flask application|find Flask application|import '(?<what>[^']+)')/,
      /Application object must be callable/,
      /Error: Failed to find Flask application or factory in module '(?<what>[^']+)'/,
    ],
    message: "The server found no app object ({what})",
    plain: "The server found no app object",
  },
  {
    ...setupFails,
    lines: [
      /^Collecting (?<what>[\w.-]*\w).*\n.*\n\s+Preparing metadata \(setup\.py\): started\n\s+Preparing metadata \(setup\.py\): finished with status 'error'/,
    ],
  },
  {
    ...setupFails,
    lines: [
      /^Collecting (?<what>[\w.-]*\w).*\n.*\n\s+Installing build dependencies: started\n.*'done'\n\s+Getting requirements to build wheel: started/,
    ],
    near: /Getting requirements to build wheel: finished with status 'error'/,
  },
  {
    code: "module-missing-in-production",
    when: "run",
    lines: [
      /^(?:E +)?ModuleNotFoundError: No module named '(?<what>[^']+)'/,
      /^ImportError: No module named (?<what>\S+)/,
      /No module named (?<what>[\w.]+)$/,
      /^ImproperlyConfigured: Error loading (?<what>\w+) module/,
    ],
    message: "The module {what} is needed to run and is not installed",
    fix: "Add the package that brings {what} to requirements.txt or pyproject.toml; if it is the app's own, check the folder that the start runs in",
    locate: "above",
  },
  {
    code: "module-not-found",
    when: "build",
    lines: [/ModuleNotFoundError: No module named '(?<what>[^']+)'/],
    message: "The module {what} is imported and is not installed",
    fix: "Add the package that brings {what} to requirements.txt or pyproject.toml; if it is the app's own, check the folder",
    locate: "above",
  },
  {
    code: "syntax-error",
    when: "any",
    lines: [/^(?<what>(?:SyntaxError|IndentationError|TabError): .+)/, /^\s+(?<what>SyntaxError: .+)/],
    unless:
      /JSON|Unexpected token|Unexpected identifier|Unexpected end|missing \) after|has already been declared|await is only valid|Invalid or unexpected token/,
    near: /File "|line \d+/,
    message: "The code does not compile: {what}",
    locate: "above",
  },
  {
    code: "module-not-found",
    when: "run",
    lines: [/can't open file '(?<what>[^']+)': \[Errno 2\]/],
    message: "The start names {what}, and that file is not there",
  },
];
