import type { BuildPlan, PlanSettings } from "@cloudsmith/contracts";
import type { CauseRow } from "../cause-row.ts";

const looseInstalls: Readonly<Record<string, string>> = {
  npm: "npm install",
  pnpm: "pnpm install --no-frozen-lockfile",
  yarn: "yarn install",
  bun: "bun install",
};

function looseInstall(_what: string, plan: BuildPlan): PlanSettings | undefined {
  const install = looseInstalls[plan.packageManager?.name ?? ""];
  return install === undefined ? undefined : { install };
}

/** What goes wrong while npm, pnpm, yarn or bun fetch and install packages, or look for a script. */
export const nodePackageCauses: readonly CauseRow[] = [
  {
    code: "script-missing",
    when: "any",
    lines: [
      /Missing script:? "?(?<what>[\w:.-]+)"?/,
      /ERR_PNPM_NO_SCRIPT.*?Missing script: (?<what>\S+)/,
      /^error Command "(?<what>[^"]+)" not found/,
      /Couldn't find a script named "(?<what>[^"]+)"/,
      /error: Script not found "(?<what>[^"]+)"/,
    ],
    message: 'package.json has no script "{what}"',
  },
  {
    code: "package-manager-refused",
    when: "build",
    lines: [
      /Use "(?<what>pnpm|yarn|npm|bun) (?:install|i)" for installation in this project/,
      /This project is configured to use (?<what>pnpm|yarn|npm|bun)\b/,
      /This project's package\.json defines "packageManager": "(?<what>yarn|pnpm|npm)@/,
      /Please use (?<what>pnpm|yarn|bun) to install/i,
    ],
    message: "The app insists on {what} as its package manager",
    suggest: (what) => {
      const name = (["npm", "pnpm", "yarn", "bun"] as const).find((manager) => manager === what);
      return name === undefined ? undefined : { packageManager: name };
    },
  },
  {
    code: "lockfile-conflict",
    when: "build",
    unless: /successfully merged/,
    lines: [
      /ERR_PNPM_BROKEN_LOCKFILE.*?(?<what>pnpm-lock\.yaml)/,
      /Merge conflict detected in (?:your )?(?<what>[\w.-]+)/,
      /^(?:npm (?:ERR!|error) )?.*(?<what>package-lock\.json|npm-shrinkwrap\.json).*(?:merge conflict|conflict markers)/i,
      /Invalid value type \d+:\d+ in .*(?<what>yarn\.lock)/,
      /Unknown token.*<<<<<<< .*(?<what>yarn\.lock)/,
      /^(?:\S+ )*<<<<<<< (?:HEAD|Updated upstream|ours)/,
    ],
    message: "The lockfile {what} holds an unresolved merge conflict or is broken",
    plain: "The lockfile holds an unresolved merge conflict",
  },
  {
    code: "lockfile-out-of-step",
    when: "build",
    lines: [
      /can only install packages when your package\.json and (?<what>package-lock\.json|npm-shrinkwrap\.json)/,
      /can only install with an existing (?<what>package-lock\.json)/,
      /ERR_PNPM_OUTDATED_LOCKFILE.*?(?<what>pnpm-lock\.yaml)/,
      /ERR_PNPM_(?:OUTDATED_LOCKFILE|LOCKFILE_CONFIG_MISMATCH|NO_LOCKFILE)/,
      /Your lockfile needs to be updated/,
      /YN0028/,
      /lockfile had changes, but lockfile is frozen/,
    ],
    message: "The lockfile {what} does not fit package.json",
    plain: "The lockfile does not fit package.json",
    suggest: looseInstall,
  },
  {
    code: "peer-conflict",
    when: "build",
    lines: [
      /npm (?:ERR!|error) Could not resolve dependency:\n.*?peer (?:optional )?(?<what>\S+@.+ from \S+)/,
      /npm (?:ERR!|error) (?:peer|code) ?.*ERESOLVE.*/,
      /ERR_PNPM_PEER_DEP_ISSUES/,
      /ERESOLVE (?:unable to resolve|could not resolve)/,
    ],
    message: "Packages ask for versions that cannot go together: {what}",
    plain: "Packages ask for versions of another package that cannot go together",
    suggest: (_what, plan) =>
      plan.packageManager?.name === "npm" ? { install: "npm install --legacy-peer-deps" } : undefined,
  },
  {
    code: "engine-refused",
    when: "build",
    lines: [
      /npm (?:ERR!|error) notsup Required: \{"node":"(?<what>[^"]+)"/,
      /npm (?:ERR!|error) notsup Required: \{(?<what>.+)\}/,
      /The engine "node" is incompatible.*?Expected version "(?<what>[^"]+)"/,
      /ERR_PNPM_UNSUPPORTED_ENGINE/,
      /^Expected version: (?<what>.+)$/,
      /You are using Node\.js \S+\. .*?Node\.js version "?(?<what>[^"]+?)"? (?:is required|or)/,
      /You are using Node(?:\.js)? \S+ .*?requires Node(?:\.js)? (?:version )?(?<what>[\w.+>= ]+)/,
      /Node\.js version \S+ detected\.\n.*?requires a minimum Node\.js version of v?(?<what>[\d.]+)/,
      /requires Node(?:\.js)? (?:version )?(?:at least |>= ?)?v?(?<what>\d[\d.]*)/,
      /Node\.js v\S+ is not supported by \w+!\n[^\d\n]*(?<what>\d[\d.]*)/,
    ],
    message: "A package or the app itself refuses this version of the runtime: it asks for {what}",
    plain: "A package or the app itself refuses this version of the runtime",
    suggest: (what, plan) =>
      plan.kind === "node" && /\d/.test(what) && !what.includes(":")
        ? { toolchains: { node: what.replace(/^([\d.]+)\+$/, ">=$1") } }
        : undefined,
  },
  {
    code: "engine-refused",
    when: "any",
    lines: [/ERR_OSSL_EVP_UNSUPPORTED/, /error:0308010C:digital envelope routines::unsupported/],
    message: "The bundler is too old for this version of Node: it uses hashes that OpenSSL 3 refuses",
    fix: "Update the bundler (webpack 5, react-scripts 5), or set NODE_OPTIONS=--openssl-legacy-provider for the build",
    suggest: () => ({ env: { NODE_OPTIONS: "--openssl-legacy-provider" } }),
  },
  {
    code: "package-private",
    when: "build",
    lines: [
      /(?:401 Unauthorized|403 Forbidden) - (?:GET|PUT) \S*?\/(?<what>(?:@|%40)?[\w.-]+(?:(?:\/|%2[fF])[\w.-]+)?)(?: - |$)/,
      /ERR_PNPM_FETCH_40[13].*?\/(?<what>(?:@[\w.-]+(?:\/|%2[fF]))?[\w.-]+): /,
      /Request failed "40[13] \w+"/,
      /YN0041.*?(?<what>@?[\w./-]+)@/,
      /npm (?:ERR!|error) code E40[13]/,
      /Unable to authenticate, (?:need|your)/,
      /fatal: could not read Username for '(?<what>[^']+)'/,
      /Permission denied \(publickey\)/,
      /authentication token not provided/i,
      /Could not transfer artifact (?<what>\S+) .*status(?: code)?:? 40[13]/,
      /go: (?<what>\S+?)@.*(?:Authentication failed|terminal prompts disabled)/,
    ],
    message: "{what} is private, and its registry refused the credentials",
    plain: "A package is private, and its registry refused the credentials",
  },
  {
    code: "package-not-found",
    when: "build",
    lines: [
      /404 Not Found - GET \S*\/(?<what>(?:@|%40)?[\w.-]+(?:(?:\/|%2[fF])[\w.-]+)?)(?: - |$)/,
      /'(?<what>[^']+)' is not in (?:this|the npm) registry/,
      /No matching version found for (?<what>[^\s.]\S*?)\.?$/,
      /ERR_PNPM_FETCH_404.*?\/(?<what>(?:@[\w.-]+(?:\/|%2[fF]))?[\w.-]+): /,
      /ERR_PNPM_NO_MATCHING_VERSION.*?for (?<what>\S+)/,
      /Couldn't find (?:package|any versions for) "(?<what>[^"]+)"/,
      /YN0035.*?│ (?<what>\S+?):/,
      /error: No version matching "(?<what>[^"]+)"/,
      /^error: (?<what>\S+) failed to resolve$/,
    ],
    message: "The package {what} does not exist in the registry in the version that is asked for",
  },
  {
    code: "config-invalid",
    when: "build",
    lines: [
      /npm (?:ERR!|error) JSON\.parse (?:Failed to parse|Invalid) (?<what>.*)/,
      /npm (?:ERR!|error) code EJSONPARSE/,
      /ERR_PNPM_JSON_PARSE.*? in (?<what>\S+)/,
      /JSON parsing failed in file (?<what>\S+)/,
    ],
    message: "A file of settings is not valid JSON: {what}",
    plain: "package.json is not valid JSON",
  },
  {
    code: "native-build-failed",
    when: "build",
    lines: [
      /fatal error: (?<what>\S+\.h(?:pp)?): No such file or directory/,
      /gyp ERR! find Python/,
      /gyp ERR! stack Error: (?<what>not found: make|`\w+` failed.*)/,
      /gyp ERR! (?:build error|configure error)/,
      /^\s*error: \[Errno 2\] No such file or directory: '(?<what>(?:[\w-]+-)?(?:gcc|cc|g\+\+|c\+\+|clang))'/,
      /error: command '(?:\S*\/)?(?<what>gcc|cc|g\+\+|c\+\+|clang|[\w-]+-gcc)' failed/,
      /^make(?:\[\d+\])?: (?<what>g\+\+|c\+\+|gcc|cc|clang(?:\+\+)?): No such file or directory/,
      /(?:pg_config executable|mysql_config):? not found/,
      /Failed building wheel for (?<what>\S+)/,
      /error: linker `(?<what>[\w.-]+)` not found/,
      /Failed to build gem native extension/,
      /error: can't find Rust compiler/,
      /cgo: C compiler "(?<what>\w+)" not found/,
    ],
    message: "A package has to be compiled on this machine, and that failed ({what})",
    plain: "A package has to be compiled on this machine, and that failed",
  },
];
