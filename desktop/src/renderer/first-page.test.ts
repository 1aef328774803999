import react from "@vitejs/plugin-react";
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { expect, test, vi } from "vitest";
import { renderer } from "../../vite.renderer.config.ts";

/** JavaScript of the first page, compressed: what a person waits for before the dashboard is there. */
const budget = 250 * 1024;

async function builtChunks(): Promise<readonly Rolldown.OutputChunk[]> {
  vi.stubEnv("NODE_ENV", "production");
  const built = await build({
    ...renderer,
    configFile: false,
    logLevel: "error",
    // The other plugins work on files, and nothing is written here.
    plugins: [react()],
    build: { ...renderer.build, write: false },
  });
  if (!("output" in built)) throw new Error("Vite gave no single output");
  return built.output.filter((each) => each.type === "chunk");
}

/** The chunks that stand with these ones by plain imports. */
function withImports(chunks: readonly Rolldown.OutputChunk[], first: readonly Rolldown.OutputChunk[]) {
  const byFile = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const found = new Set(first);
  // A set is walked over with what is added meanwhile.
  for (const chunk of found)
    for (const file of chunk.imports) {
      const imported = byFile.get(file);
      if (imported !== undefined) found.add(imported);
    }
  return [...found];
}

test("the first page asks for at most 250 KB of JavaScript, and for no schema library", async () => {
  const chunks = await builtChunks();
  const isFirst = (id: string): boolean => id.endsWith("/dashboard-page.tsx");
  const first = chunks.filter(({ isEntry, moduleIds }) => isEntry || moduleIds.some(isFirst));
  expect(first.flatMap(({ moduleIds }) => moduleIds).filter(isFirst)).toHaveLength(1);
  const asked = withImports(chunks, first);
  const bytes = asked.reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0);
  expect(bytes).toBeGreaterThan(100 * 1024);
  expect(bytes).toBeLessThanOrEqual(budget);
  const modules = asked.flatMap(({ moduleIds }) => moduleIds);
  expect(modules.filter((id) => id.includes("/node_modules/zod/"))).toEqual([]);
});
