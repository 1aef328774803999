import type { CauseRow } from "../cause-row.ts";

/** What a shell says of commands that are not there or may not be run. */
export const shellCauses: readonly CauseRow[] = [
  {
    code: "toolchain-missing",
    when: "build",
    lines: [
      /^(?:[\w@/.-]+:\S* )?(?:\/bin\/)?(?:ba)?sh: (?:line )?(?:\d+: )?(?:exec: )?(?<what>\S+?): (?:command )?not found/,
      /^(?<what>[\w./-]+): command not found/,
      /'(?<what>\S+)' is not recognized as an internal/,
      /error: no such command: `(?<what>\S+)`/,
      /^env: ['‘]?(?<what>[\w.-]+)['’]?: No such file or directory/,
      /^(?<what>\S+) could not be started: spawn \S+ ENOENT/,
      /spawn (?<what>\S+) ENOENT/,
      /exec: "(?<what>[^"]+)": executable file not found in \$PATH/,
    ],
    message: "The command {what} is not there",
  },
  {
    code: "config-invalid",
    when: "build",
    lines: [/short-name "(?<what>[^"]+)" did not resolve to an alias and no unqualified-search registries are defined/],
    message: "The program that builds images does not know which registry the image {what} comes from",
    fix: "Name a registry under unqualified-search-registries in /etc/containers/registries.conf of this machine, or write the image's whole name into the Dockerfile",
  },
  {
    code: "start-command-not-found",
    when: "run",
    lines: [
      /^(?:[\w@/.-]+:\S* )?(?:\/bin\/)?(?:ba)?sh: (?:line )?(?:\d+: )?(?:exec: )?(?<what>\S+?): (?:command )?not found/,
      /^(?<what>[\w./-]+): command not found/,
      /^(?:\/bin\/)?(?:ba)?sh: (?:\d+: )?(?:cannot open|can't open) (?<what>\S+?):? No such file/,
      /^(?<what>\S+) could not be started: spawn \S+ ENOENT/,
      /Could not open input file: (?<what>\S+)/,
      /executable file not found in \$PATH/,
    ],
    message: "The start names {what}, and that is not there",
    plain: "The start names a command that is not there",
  },
  {
    code: "permission-denied",
    when: "any",
    lines: [
      /(?:EACCES|EPERM): (?:permission denied|operation not permitted), \w+ '(?<what>[^']+)'/,
      /listen EACCES: permission denied (?<what>\S+)/,
      /^(?:\/bin\/)?(?:ba)?sh: (?:line )?(?:\d+: )?(?:exec: )?(?<what>\S+?): Permission denied/,
      /spawn (?<what>\S+) EACCES/,
      /PermissionError: \[Errno 13\] .*: '(?<what>[^']+)'/,
      /open (?<what>\S+): permission denied/,
    ],
    message: "Access to {what} is denied",
  },
];
