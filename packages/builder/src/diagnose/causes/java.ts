import type { CauseRow } from "../cause-row.ts";

/** Maven, Gradle, javac, kotlinc and the JVM. */
export const javaCauses: readonly CauseRow[] = [
  {
    code: "engine-refused",
    when: "any",
    lines: [
      /(?:error: )?release version (?<what>\d+) not supported/,
      /(?:Source|Target) option (?<what>\d+) is no longer supported/,
      /invalid (?:source|target) release: (?<what>\d+)/,
      /Unsupported class file major version (?<what>\d+)/,
      /UnsupportedClassVersionError: .*class file version (?<what>[\d.]+)/,
      /Cannot find a Java installation on your machine .*languageVersion=(?<what>\d+)/,
    ],
    message: "The app asks for another version of Java than there is: {what}",
    fix: "Install that Java, or state the version you have in pom.xml (maven.compiler.release) or build.gradle (toolchain)",
  },
  {
    code: "package-not-found",
    when: "build",
    lines: [
      /Could not find artifact (?<what>\S+)/,
      /Could not find (?<what>[\w.-]+:[\w.-]+:[\w.-]+)\.$/,
      /Non-resolvable parent POM.*?(?<what>[\w.-]+:[\w.-]+:pom:[\w.-]+)/,
      /Plugin \[?(?:id: )?'?(?<what>[\w.:-]+)'?.*was not found/,
    ],
    message: "The artifact {what} does not exist in the repositories in the version that is asked for",
  },
  {
    code: "main-not-found",
    when: "any",
    lines: [
      /no main manifest attribute, in (?<what>\S+)/,
      /Could not find or load main class (?<what>\S+)/,
      /Unable to find (?:a suitable )?main class/,
      /Main method not found in class (?<what>\S+?),/,
    ],
    message: "There is no program to start in {what}",
    plain: "There is no program to start",
  },
  {
    code: "start-command-not-found",
    when: "run",
    lines: [/Unable to access jarfile (?<what>\S+)/],
    message: "The start names {what}, and that file is not there",
  },
  {
    code: "module-not-found",
    when: "build",
    lines: [/package (?<what>[\w.]+) does not exist/],
    near: /\.(?:java|kt)\b/,
    message: "The package {what} is imported, and no dependency brings it",
    fix: "Add the dependency that brings {what} to pom.xml or build.gradle",
    locate: "near",
  },
  {
    code: "config-invalid",
    when: "build",
    lines: [
      /Non-parseable POM (?<what>\S+):/,
      /Malformed POM (?<what>\S+):/,
      /Could not compile (?:build|settings) file '(?<what>[^']+)'/,
    ],
    message: "The build file {what} is wrong",
  },
  {
    code: "syntax-error",
    when: "build",
    lines: [
      /^\[ERROR\] (?:\S*\/)?(?<what>[\w.-]+\.(?:java|kt):\[\d+,\d+\] .*)/,
      /^(?:\S*\/)?(?<what>[\w.-]+\.java:\d+: error: .*)/,
      /^e: (?:file:\/\/)?(?:\S*\/)?(?<what>[\w.-]+\.kts?:.*)/,
    ],
    message: "The code does not compile: {what}",
  },
];
