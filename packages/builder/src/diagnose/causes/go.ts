import type { CauseRow } from "../cause-row.ts";

/** The Go toolchain. */
export const goCauses: readonly CauseRow[] = [
  {
    code: "engine-refused",
    when: "build",
    lines: [
      /go\.mod requires go >= (?<what>[\d.]+)/,
      /requires go >= (?<what>[\d.]+)/,
      /go: download go(?<what>[\d.]+) for .*: toolchain not available/,
      /invalid go version '(?<what>[^']+)'/,
    ],
    message: "The app asks for Go {what}",
    fix: "State a version that exists in go.mod, or install Go {what} on this machine",
  },
  {
    code: "lockfile-out-of-step",
    when: "build",
    lines: [
      /missing (?<what>go\.sum) entry/,
      /updates to (?<what>go\.mod) needed/,
      /inconsistent vendoring/,
      /checksum mismatch/,
    ],
    near: /go|SECURITY ERROR/,
    message: "{what} does not fit what the code imports",
    plain: "go.sum or the vendor folder does not fit go.mod",
    fix: "Run `go mod tidy` (and `go mod vendor` where there is a vendor folder) and commit go.mod and go.sum",
  },
  {
    code: "module-not-found",
    when: "build",
    lines: [
      /no required module provides package (?<what>[^\s;]+)/,
      /package (?<what>\S+) is not in (?:std|GOROOT)/,
      /cannot find module providing package (?<what>[^\s:]+)/,
    ],
    message: "The package {what} is imported, and no module brings it",
    fix: "Run `go get` for it (or `go mod tidy`) and commit go.mod and go.sum; the app's own packages begin with the module's name",
    locate: "near",
  },
  {
    code: "package-not-found",
    when: "build",
    lines: [
      /go: (?<what>\S+): (?:invalid version: )?unknown revision/,
      /reading (?:\S+\/)?(?<what>[\w.-]+\/\S+?)\/@v\/.*: 40[4]/,
      /(?<what>\S+@\S+): reading .*: 4(?:03|04|10)\b/,
      /module (?<what>\S+): no matching versions/,
    ],
    message: "The module {what} does not exist in the version that is asked for",
  },
  {
    code: "main-not-found",
    when: "build",
    lines: [
      /no Go files in (?<what>\S+)/,
      /package (?<what>\S+) is not a main package/,
      /(?<what>\S+) is not a main package/,
      /runtime\.main_main·f: function main is undeclared in the main package/,
      /go: cannot find main module|go\.mod file not found in current directory/,
    ],
    message: "There is no program to build in {what}",
    plain: "There is no program to build here",
  },
  {
    code: "syntax-error",
    when: "build",
    lines: [/^(?:\.\/|vet: )?(?<what>\S+\.go:\d+:\d+: (?!warning).+)/],
    message: "The code does not compile: {what}",
  },
];
