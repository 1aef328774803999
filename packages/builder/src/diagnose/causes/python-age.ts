import type { CauseRow } from "../cause-row.ts";

/** Modules of the standard library and the first Python without them (What's New of each release). */
const removed: readonly { readonly python: number; readonly modules: readonly string[] }[] = [
  { python: 10, modules: ["formatter", "parser", "symbol"] },
  { python: 12, modules: ["asynchat", "asyncore", "distutils", "imp", "smtpd"] },
  {
    python: 13,
    modules: [
      "aifc",
      "audioop",
      "cgi",
      "cgitb",
      "chunk",
      "crypt",
      "imghdr",
      "lib2to3",
      "mailcap",
      "nis",
      "nntplib",
      "ossaudiodev",
      "pipes",
      "sndhdr",
      "spwd",
      "sunau",
      "telnetlib",
      "uu",
      "xdrlib",
    ],
  },
];

function withoutModule(what: string): number {
  const name = what.split(".")[0] ?? "";
  return removed.find(({ modules }) => modules.includes(name))?.python ?? 10;
}

const names = removed.flatMap(({ modules }) => modules).join("|");
const fix =
  "State an older Python in .python-version or under toolchains in cloudsmith.json, or take versions of the packages that were made for this one";

/** Code that was written for an older Python, or for older packages than those that are installed. */
export const pythonAgeCauses: readonly CauseRow[] = [
  {
    code: "engine-refused",
    when: "any",
    lines: [new RegExp(String.raw`ModuleNotFoundError: No module named '(?<what>(?:${names})(?:\.[\w.]+)?)'`)],
    message:
      "The module {what} is no longer part of this version of Python: the app or one of its packages was made for an older one",
    fix,
    suggest: (what) => ({ toolchains: { python: `<3.${withoutModule(what)}` } }),
  },
  {
    code: "engine-refused",
    when: "any",
    lines: [
      /(?:cannot import name|module 'collections' has no attribute) '(?<what>Callable|Container|Hashable|Iterable|Iterator|Mapping|MutableMapping|MutableSequence|MutableSet|Sequence|Set|Sized)'(?: from 'collections'|$)/,
      /module 'inspect' has no attribute '(?<what>getargspec|formatargspec)'/,
      /module 'asyncio' has no attribute '(?<what>coroutine|async)'/,
      /cannot import name '(?<what>HTMLParseError)' from 'html\.parser'/,
    ],
    message:
      "{what} is no longer part of this version of Python: the app or one of its packages was made for an older one",
    fix,
    suggest: (what) => ({ toolchains: { python: /argspec|^coroutine/.test(what) ? "<3.11" : "<3.10" } }),
  },
  {
    // The last frame is a package's own code, which does not find what it uses of another one.
    code: "dependency-drift",
    when: "any",
    lines: [
      /^\s+File "[^"]*(?:site|dist)-packages\/[^"]+", line \d+, in [^\n]+\n(?:\s{4}[^\n]*\n){1,2}AttributeError: (?:partially initialized )?module '(?<what>\w+)' has no attribute/,
    ],
    unless: /importlib/,
    message: "{what} has changed and no longer has what another package uses",
  },
];
