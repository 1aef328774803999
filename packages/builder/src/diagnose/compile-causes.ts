import type { CauseRow } from "./cause-row.ts";

/** What goes wrong while an app is compiled or bundled. */
export const compileCauses: readonly CauseRow[] = [
  {
    code: "out-of-memory",
    when: "any",
    line: /JavaScript heap out of memory|Allocation failed - |java\.lang\.OutOfMemoryError|^MemoryError|Cannot allocate memory|ENOMEM|signal: killed|Out of memory: Killed/,
    message: "There was not enough memory",
    fix: "Give it more memory (limits.buildMemoryMb for builds, limits.memoryMb for the app)",
    suggest: (_what, plan) => ({ limits: { buildMemoryMb: (plan.limits.buildMemoryMb ?? 2048) * 2 } }),
  },
  {
    code: "optional-dependency-missing",
    when: "any",
    line: /Cannot find module '?"?(@(?:rollup|esbuild|swc|next|tailwindcss|parcel|img|rolldown|oxc|napi-rs|unrs|biomejs)\/[\w/-]*(?:linux|darwin|win32)[\w.-]*|lightningcss[\w.-]*linux[\w.-]*|\.\.?\/lightningcss[\w.-]+)|npm has a bug related to optional dependencies|Failed to load (?:the )?native binding|Could not load the "(sharp)" module using the|The package "(@esbuild\/[\w-]+)" could not be found|Failed to load SWC binary for/,
    message: "A package's part for this platform is missing ({what})",
    fix: "The lockfile was written on another platform: delete node_modules and the lockfile, install anew and commit the lockfile",
  },
  {
    code: "generated-client-missing",
    when: "any",
    line: /@prisma\/client did not initialize yet|Cannot find module '(\.prisma\/client[^']*)'|Module '"@prisma\/client"' has no exported member '(\w+)'|Prisma Client could not locate|Cannot find module '([^']*generated\/[^']*)'|has not been generated yet/,
    message: "Code that a tool generates is not there ({what})",
    fix: 'Run the generator before the build: for Prisma, add "postinstall": "prisma generate" to the scripts of package.json',
    suggest: (_what, plan) =>
      plan.packageManager === null || plan.commands.build === null
        ? undefined
        : {
            build: `prisma generate && ${"script" in plan.commands.build ? plan.commands.build.script : plan.commands.build.argv.join(" ")}`,
          },
  },
  {
    code: "case-mismatch",
    when: "build",
    line: /File name '([^']+)' differs from already included file name .* only in casing|error TS(?:1149|1261):/,
    message: "An import writes a file's name in other capitals than the file has ({what})",
    fix: "Write the import as the file is named: this platform tells capitals apart",
  },
  {
    code: "lint-error",
    when: "build",
    line: /Treating warnings as errors because process\.env\.CI = true/,
    message: "Warnings count as errors because CI is set",
    fix: "Fix the warnings, or set CI=false for the build",
    suggest: () => ({ env: { CI: "false" } }),
  },
  {
    code: "variable-missing-at-build",
    when: "build",
    line: /(?:Missing|missing|Undefined|No) (?:required )?(?:environment|env) (?:variable|var)s?:?\s*["'`]?([A-Z][A-Z0-9_]{2,})|[Ee]nvironment variable (?:not found:? )?["'`]?([A-Z][A-Z0-9_]{2,})["'`]? ?(?:is |not |must |$|\.)|["'`]?([A-Z][A-Z0-9]*_[A-Z0-9_]+)["'`]? (?:is not defined|is not set|is required|must be set|must be defined|is missing|was not provided|environment variable)|process\.env\.([A-Z][A-Z0-9_]+) is (?:undefined|not|required|missing)|KeyError: '([A-Z][A-Z0-9]*_[A-Z0-9_]+)'|Set the ([A-Z][A-Z0-9_]+) environment variable|UndefinedValueError: ([A-Z][A-Z0-9_]+) not found|Neither apiKey nor config\.authenticator provided|❌ Invalid environment variables|Environment variable not found: ([A-Z][A-Z0-9_]+)|environment variable `([A-Z][A-Z0-9_]+)` not defined/,
    message: "The build needs the variable {what}, and it has no value",
    fix: "Set it: cloudsmith env set {what}=… (scope build or both), or cloudsmith secret for a secret",
  },
  {
    code: "type-error",
    when: "build",
    line: /^(\S+?\.[cm]?tsx?)(?:\(\d+,\d+\)|:\d+:\d+)(?: -|:) error TS(?!1149|1261|2307|2792|7016)\d+|^(?:\[.*\] )?Type error: (.*)|error TS(?!1149|1261|2307|2792|7016)\d+: (.*)|error during build:.*TypeError|✘ \[ERROR\] (TS\d+: .*)/,
    unless: /Cannot find module/,
    message: "The types do not check: {what}",
    fix: "Correct the error that the log names; it also fails locally with the build command",
  },
  {
    code: "lint-error",
    when: "build",
    line: /✖ \d+ problems? \([1-9]\d* errors?|^\d+:\d+\s+Error: .*?\s(?:@?[\w-]+\/)?[\w-]+$|ESLint found too many|error\s+.*\s{2,}(?:@?[\w-]+\/)*[\w-]+$|^ {2,}\d+:\d+ +error +/,
    message: "The linter found errors, and the build counts them",
    fix: "Correct the lines that the log names, or take the linter out of the build",
  },
  {
    code: "module-not-found",
    when: "build",
    line: /Module not found: (?:Error: )?Can't resolve '([^']+)'|Rollup failed to resolve import "([^"]+)"|Could not resolve "([^"]+)"|Could not resolve '([^']+)' from|Cannot find (?:module|package) '([^']+)'|error TS(?:2307|2792|7016): Cannot find module '([^']+)'|ModuleNotFoundError: No module named '([^']+)'|no required module provides package ([^\s;]+)|package (\S+) is not in (?:std|GOROOT)|unresolved import `([^`]+)`|package ([\w.]+) does not exist|cannot load such file -- (\S+)|Failed to resolve import "([^"]+)"|UNRESOLVED_IMPORT.*Could not resolve '([^']+)'|Failed to resolve '([^']+)' from|Class "([^"]+)" not found|Could not import '([^']+)'/,
    message: "{what} is imported and is not there",
    fix: "Add it to the dependencies (not only on your computer), or correct the path; capitals count",
  },
  {
    code: "syntax-error",
    when: "build",
    line: /^(?:\s*|.*?[\s:])SyntaxError: (.*)|^(\S+\.go:\d+:\d+): |^error(?:\[E\d+\])?: (?!linker|could not compile|process didn't)(.*)|\[ERROR\] (\S+\.(?:java|kt):\[\d+,\d+\] .*)|^(\S+\.java:\d+: error: .*)|^e: (?:file:\/\/)?(\S+\.kts?:.*)|PHP Parse error: +(.*)|Parse error: (.*)|✘ \[ERROR\] (Expected .*|Unexpected .*|Unterminated .*)|Unexpected token \((\d+:\d+)\)|IndentationError: (.*)|PARSE_ERROR/,
    unless: /error: Recipe|error: script|error: Script|JSON\.parse|is not valid JSON/,
    message: "The code does not compile: {what}",
    fix: "Correct the line that the log names; it also fails locally with the build command",
  },
  {
    code: "main-not-found",
    when: "any",
    line: /no main manifest attribute, in (\S+)|Could not find or load main class (\S+)|no Go files in (\S+)|(\S+) is not a main package|package (\S+) is not a main package|a bin target must be available|function main is undeclared in the main package|Unable to find a suitable main class/,
    message: "There is no program to start ({what})",
    fix: "Name the program's folder, package or class: set build and start in cloudsmith.json",
  },
  {
    code: "toolchain-missing",
    when: "build",
    line: /(?:^|\s)(?:\/bin\/)?sh: (?:line )?(?:\d+: )?(\S+): (?:command )?not found|^bash: (?:line \d+: )?(\S+): command not found|'(\S+)' is not recognized as an internal|^(\S+): command not found|error: no such command: `(\S+)`|spawn (\S+) ENOENT|^(\S+) could not be started: spawn \S+ ENOENT/,
    message: "The command {what} is not there",
    fix: "Add the package that brings {what} to the dependencies, or install it on this machine",
  },
  {
    code: "permission-denied",
    when: "any",
    line: /EACCES: permission denied, \w+ '([^']+)'|(\S+): Permission denied|PermissionError: \[Errno 13\] .*: '([^']+)'|listen EACCES: permission denied (\S+)/,
    message: "Access to {what} is denied",
    fix: "A file that is run needs to be executable in Git (git update-index --chmod=+x); an app writes to its own folder or a persistent one; ports below 1024 are not allowed",
  },
];
