#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

// Compiled code is kept between runs, in a folder that goes with the installation: beside the bundle, or in the checkout's node_modules.
const isSource = import.meta.url.endsWith(".ts");
const cache = new URL(isSource ? "../../../node_modules/.cache/cloudsmith" : "../.compile-cache", import.meta.url);
enableCompileCache(fileURLToPath(cache));
const { run } = await import("./run.ts");
process.exitCode = await run(process.argv.slice(2));
