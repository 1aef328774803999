// Prints what @vercel/fs-detectors finds in a folder: node vercel-plan.cjs <folder of the tools> <folder of the app>
const { readdirSync, readFileSync } = require("node:fs");
const path = require("node:path");
const [, , tools, app] = process.argv;
const detectors = require(path.join(tools, "node_modules", "@vercel", "fs-detectors"));
const { frameworkList } = require(path.join(tools, "node_modules", "@vercel", "frameworks"));

async function plan() {
  const fs = new detectors.LocalFileSystemDetector(app);
  const framework = await detectors.detectFramework({ fs, frameworkList });
  const files = readdirSync(app, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(app, path.join(entry.parentPath, entry.name)));
  const manifest = files.includes("package.json")
    ? JSON.parse(readFileSync(path.join(app, "package.json"), "utf8"))
    : undefined;
  const { builders, errors } = await detectors.detectBuilders(files, manifest, { projectSettings: { framework } });
  const settings = frameworkList.find(({ slug }) => slug === framework)?.settings ?? null;
  return { framework, settings, builders: builders ?? [], error: errors?.[0]?.code ?? null };
}

void plan().then((found) => process.stdout.write(JSON.stringify(found)));
