import type { Command } from "@cloudsmith/contracts";

/** What a Dockerfile says of its last stage, as far as it can be read without building it. */
export interface DockerfileFacts {
  readonly command: Command | undefined;
  /** The only port that is exposed. */
  readonly port: number | undefined;
  /** Names of its arguments. */
  readonly args: readonly string[];
}

/** Reads the instructions of a Dockerfile: https://docs.docker.com/reference/dockerfile/ */
export function readDockerfile(text: string): DockerfileFacts {
  const instructions = text
    .replaceAll(/^\s*#.*$/gm, "")
    .replaceAll(/\\\s*\n/g, " ")
    .split("\n")
    .flatMap((line) => {
      const match = /^\s*([A-Za-z]+)\s+(.*\S)\s*$/.exec(line);
      return match === null ? [] : [{ name: match[1]?.toUpperCase() ?? "", rest: match[2] ?? "" }];
    });
  const last = instructions.slice(instructions.findLastIndex(({ name }) => name === "FROM") + 1);
  const of = (name: string): string | undefined => last.findLast((each) => each.name === name)?.rest;
  const ports = last
    .filter(({ name }) => name === "EXPOSE")
    .flatMap(({ rest }) => rest.split(/\s+/))
    .map((port) => Number(port.replace(/\/tcp$/, "")))
    .filter((port) => Number.isInteger(port) && port > 0 && port <= 65_535);
  return {
    command: joined(of("ENTRYPOINT"), of("CMD")),
    port: ports.length === 1 ? ports[0] : undefined,
    args: instructions.flatMap(({ name, rest }) => (name === "ARG" ? (/^\w+/.exec(rest)?.[0] ?? []) : [])),
  };
}

function joined(entrypoint: string | undefined, command: string | undefined): Command | undefined {
  const [first, second] = [parts(entrypoint), parts(command)];
  if (first === undefined || second === undefined) return first ?? second;
  // The shell form of an entry point takes no command.
  return "script" in first || "script" in second ? first : { argv: [...first.argv, ...second.argv] };
}

function parts(text: string | undefined): { script: string } | { argv: string[] } | undefined {
  if (text === undefined) return undefined;
  try {
    const words: unknown = JSON.parse(text);
    if (Array.isArray(words) && words.length > 0) return { argv: words.map(String) };
  } catch {
    // The shell form.
  }
  return { script: text };
}
