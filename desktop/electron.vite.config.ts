import { defineConfig } from "electron-vite";
import { resolve } from "node:path";

/** The main process and the preload; Launchboard has its own configuration and is served from its build. */
export default defineConfig({
  main: {
    build: {
      // Nothing is looked up in node_modules at run time: all that is used is in the build, so that nothing else is shipped.
      externalizeDeps: false,
      outDir: resolve(import.meta.dirname, "dist/app/main"),
      rolldownOptions: { input: { main: resolve(import.meta.dirname, "src/main/main.ts") } },
      minify: "oxc",
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      outDir: resolve(import.meta.dirname, "dist/app/preload"),
      // A sandboxed preload is one CommonJS file.
      rolldownOptions: {
        input: { preload: resolve(import.meta.dirname, "src/preload/preload.ts") },
        output: { format: "cjs", entryFileNames: "preload.cjs" },
      },
    },
  },
});
