import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { SourceRef } from "@cloudsmith/contracts";
import type { TestAgent } from "./test-agent.ts";

/** Writes files into a folder of the test and gives it as a source. */
export function folderSource(agent: TestAgent, name: string, files: Record<string, string>): SourceRef {
  const path = agent.file(name);
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), content);
  }
  return { type: "folder", path, dir: "" };
}

/** A site of plain files: the quickest thing that can be deployed. */
export function staticSite(agent: TestAgent, name: string, text = "hello"): SourceRef {
  return folderSource(agent, name, { "index.html": `<!doctype html><title>${name}</title><p>${text}</p>` });
}
