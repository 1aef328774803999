import type { CauseRow } from "../cause-row.ts";

/** How tools and libraries say that a variable of the environment has no value. */
const lines: readonly RegExp[] = [
  /error: set `(?<what>[A-Z_]+)` to use query macros online/,
  /[Mm]issing (?:required )?(?:environment|env) (?:variable|var)s?:?\n\s*(?<what>[A-Z][A-Z0-9_]{2,})\b/,
  /MissingEnvVarsError[^\n]*\n(?:[^\n]*\n)?\s*(?<what>[A-Z][A-Z0-9_]{2,})$/m,
  /(?:[Mm]issing|[Uu]ndefined|[Uu]nset|[Nn]o) (?:required |mandatory )?(?:environment|env|ENV) (?:variable|var)s?(?: named)?:?\s*["'`]?(?<what>[A-Z][A-Z0-9_]{2,})/,
  /(?:[Mm]issing|[Rr]equired) (?<what>[A-Z][A-Z0-9]*_[A-Z0-9_]+)$/,
  /[Ee]nvironment variable (?:not found:? )?["'`]?(?<what>[A-Z][A-Z0-9_]{2,})["'`]? ?(?:is |was |not |must |could not|has no|$|\.$)/,
  /Environment variable not found: (?<what>[A-Z][A-Z0-9_]+)/,
  /["'`]?\b(?<what>[A-Z][A-Z0-9]*_[A-Z0-9_]+)["'`]? (?:environment variable |env var )?(?:(?:is )?not (?:defined|provided|specified)\b|is not set|is required|must be (?:set|defined|provided)|is missing|was not (?:provided|set)|must not be empty|is undefined|not set\b|cannot be empty|is empty)/,
  /process\.env\.(?<what>[A-Z][A-Z0-9_]+) (?:is|must|not|required|missing)/,
  /"(?<what>[A-Z][A-Z0-9_]+)" is (?:a required variable|required)/,
  /(?:set|setting|provide|define) (?:the )?(?<what>[A-Z][A-Z0-9]*_[A-Z0-9_]+) environment variable/i,
  // env-schema, behind @fastify/env.
  /\benv must have required property '(?<what>[A-Za-z_]\w*)'/,
  /UndefinedValueError: (?<what>[A-Z][A-Z0-9_]+) not found/,
  /The (?<what>SECRET_KEY) setting must not be empty/,
  /ImproperlyConfigured: (?:Set the )?(?<what>[A-Z][A-Z0-9_]+) environment variable/,
  /Set the (?<what>[A-Z][A-Z0-9_]+) environment variable/,
  /Could not resolve placeholder '(?<what>[^']+)'/,
  /environment variable `(?<what>[A-Z][A-Z0-9_]+)` not defined/,
  /required (?:environment variable|key) "?(?<what>[A-Z][A-Z0-9_]+)"? (?:is not set|missing value)/,
  /The `uri` parameter to `openUri\(\)` must be a string, got "undefined"/,
  /Missing `secret_key_base` for/,
  /No application encryption key has been specified/,
  /secretOrPrivateKey must have a value/,
  /Neither apiKey nor config\.authenticator provided/,
];

const unless = /\b(?:ReferenceError|NameError|TS\d{4}:|C preprocessor|macro)\b/;

/** Rows of one cause that differ in what has to stand near their lines; the same for build and run. */
function missingVariable(
  code: "variable-missing-at-build" | "variable-missing-at-run",
  when: "build" | "run",
): readonly CauseRow[] {
  const shared = {
    code,
    when,
    message: `The ${when === "build" ? "build" : "app"} needs the variable {what}, and it has no value`,
    plain: `The ${when === "build" ? "build" : "app"} needs a variable that has no value`,
  };
  return [
    { ...shared, lines, unless },
    {
      ...shared,
      lines: [/^KeyError: ['"](?<what>\w+)['"]$/],
      near: /os\.environ|<frozen os>|\/os\.py", line/,
    },
    {
      ...shared,
      lines: [
        /path["']?: \[ ?["'](?<what>[A-Z][A-Z0-9_]+)["'] ?\]/,
        /path["']?: \[\n\s*["'](?<what>[A-Z][A-Z0-9_]+)["']/,
        /^\s*["']?(?<what>[A-Z][A-Z0-9_]{2,})["']?: \[ ?["'](?:Required|Invalid input|Invalid type)/,
        /^\s*["']?(?<what>[A-Z][A-Z0-9_]{2,})["']?: \[$/,
        /(?:→|->|>) at (?<what>[A-Z][A-Z0-9_]{2,})$/,
      ],
      near: /ZodError|ValiError|[Ii]nvalid env|environment variables|received undefined/,
    },
    {
      ...shared,
      lines: [
        /^(?<what>[A-Za-z]\w+)\n\s+Field required \[type=missing/,
        /^(?<what>[A-Za-z]\w+)\n\s+field required \(type=value_error\.missing\)/,
      ],
      near: /validation errors? for \w*(?:Settings|Config|Env)\w*/i,
    },
    {
      ...shared,
      lines: [/^\s+input: '(?:undefined|null)'$/],
      near: /ERR_INVALID_URL/,
      plain: "The code reads an address that has no value: most often a variable of the environment that is not set",
      locate: "near",
    },
    {
      ...shared,
      lines: [
        /called `Result::unwrap\(\)` on an `Err` value: (?:NotPresent|EnvVar\(NotPresent\))/,
        /^panic: .*environment variable/,
      ],
    },
  ];
}

/** Variables of the environment that the app or its build cannot do without. */
export const variableCauses: readonly CauseRow[] = [
  ...missingVariable("variable-missing-at-build", "build"),
  ...missingVariable("variable-missing-at-run", "run"),
];
