import { joinPath, type SourceTree } from "../plan/source-tree.ts";
import { rank, type Candidate, type DetectContext } from "./detector.ts";

const files = ["Dockerfile", "dockerfile", "Containerfile"];
const composeFiles = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

/** An app that only a Dockerfile describes: it cannot be built here, and that is said. Beside another plan the Dockerfile is not needed. */
export function detectDockerfile({ tree, dir }: DetectContext): Candidate | undefined {
  const file = tree.firstFile([...files, ...composeFiles].map((name) => joinPath(dir, name)));
  if (file === undefined) return undefined;
  return {
    rank: rank.weak,
    failure: {
      code: "plan-unsupported",
      message: `Only ${file} says how the app is built, and CloudSmith does not build images on this machine`,
      fix: "Say in cloudsmith.json how the app is built and started without it (build and start), or choose a folder with an app that can be built with --dir",
    },
  };
}

/** The port that a Dockerfile exposes, where it exposes one. */
export function exposedPort(tree: SourceTree, dir: string): number | undefined {
  const file = tree.firstFile(files.map((name) => joinPath(dir, name)));
  const ports = [
    ...(file === undefined ? "" : (tree.text(file) ?? "")).matchAll(/^EXPOSE\s+(\d{2,5})(?:\/tcp)?\s*$/gim),
  ].map((match) => Number(match[1]));
  const [port] = ports;
  return ports.length === 1 && port !== undefined && port <= 65535 ? port : undefined;
}

/** The Dockerfile of a folder, where there is one. */
export function dockerfileOf(tree: SourceTree, dir: string): string | undefined {
  return tree.firstFile(files.map((name) => joinPath(dir, name)));
}
