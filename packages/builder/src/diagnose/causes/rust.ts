import type { CauseRow } from "../cause-row.ts";

/** Cargo and rustc. */
export const rustCauses: readonly CauseRow[] = [
  {
    code: "engine-refused",
    when: "build",
    lines: [
      /requires rustc (?<what>[\d.]+)/,
      /rustc \S+ is not supported by the following packages?/,
      /feature `(?<what>edition\d+)` is required/,
      /this version of Cargo is older than the `(?<what>\d+)` edition/,
    ],
    message: "A package or the app itself asks for a newer Rust: {what}",
    plain: "A package or the app itself asks for a newer Rust",
    fix: "State the version in rust-toolchain.toml, or take a version of the package that fits",
  },
  {
    code: "lockfile-out-of-step",
    when: "build",
    lines: [
      /the lock file (?<what>\S+) needs to be updated but --(?:locked|frozen)/,
      /cannot update the lock file (?<what>\S+) because --(?:locked|frozen)/,
    ],
    message: "{what} does not fit Cargo.toml",
    fix: "Run `cargo update --workspace` (or any build) once and commit Cargo.lock",
  },
  {
    code: "package-not-found",
    when: "build",
    lines: [
      /no matching package (?:named )?`(?<what>[^`]+)` found/,
      /failed to select a version for the requirement `(?<what>[^`]+)`/,
    ],
    message: "The crate {what} does not exist in the version that is asked for",
  },
  {
    code: "peer-conflict",
    when: "build",
    lines: [/failed to select a version for `(?<what>[^`]+)`/],
    message: "Crates ask for versions of {what} that cannot go together",
  },
  {
    code: "main-not-found",
    when: "build",
    lines: [
      /no targets specified in the manifest/,
      /a bin target must be available for `cargo run`/,
      /no bin target named `(?<what>[^`]+)`/,
      /`(?<what>main)` function not found in crate/,
    ],
    message: "There is no program to build ({what})",
    plain: "There is no program to build",
  },
  {
    code: "config-invalid",
    when: "build",
    lines: [/failed to parse manifest at `(?<what>[^`]+)`/, /could not find `(?<what>Cargo\.toml)` in/],
    message: "The manifest {what} is wrong",
    plain: "The manifest is wrong",
  },
  {
    code: "module-not-found",
    when: "build",
    lines: [
      /error\[E0432\]: unresolved import `(?<what>[^`]+)`/,
      /error\[E0433\]: (?:failed to resolve: )?.*(?:unresolved module or unlinked crate|could not find|use of undeclared crate or module|cannot find module or crate) `(?<what>[^`]+)`/,
      /error\[E0583\]: file not found for module `(?<what>[^`]+)`/,
      /error\[E0463\]: can't find crate for `(?<what>[^`]+)`/,
    ],
    message: "{what} is used and is not there",
    fix: "Add the crate to Cargo.toml, or correct the path",
    locate: "near",
  },
  {
    code: "syntax-error",
    when: "build",
    lines: [
      /^error(?:\[E\d+\])?: (?!linker|could not compile|process didn't|linking with|aborting|script|Recipe|subprocess|metadata-generation|failed to run custom)(?<what>.+)/,
    ],
    near: /^\s+--> \S+\.rs:\d+/,
    message: "The code does not compile: {what}",
    locate: "near",
  },
];
