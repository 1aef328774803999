import type { PackageJson } from "./source-tree.ts";

/** Commands that serve sources for development: slow, not hardened, often with packages that production leaves out. */
const devServers: readonly RegExp[] = [
  /\b(next|nuxi?t?|astro|remix|react-router|vinxi|blitz|redwood|expo|wrangler|vercel|netlify|rsbuild|modern|umi|qwik|storybook|farm) (dev|start:dev|develop)\b/,
  /\bnetlify dev\b|\bwrangler (pages )?dev\b/,
  /\bnuxi?t?$/,
  /(^|\s|\/)vite(\s+(serve|dev))?(\s+-|\s*$)/,
  /\b(react-scripts|react-app-rewired|craco|expo) start\b/,
  /\b(webpack-dev-server|webpack serve|webpack-cli serve|ng serve|ng s\b|vue-cli-service serve|gatsby (develop|serve)|docusaurus(-start$| start| serve)|vitepress (dev|serve|preview)|vuepress dev)\b/,
  /\b(eleventy|npx @11ty\/eleventy)\b.*--serve/,
  /\b(lite-server|live-server|browser-sync|budo|beefy|webpack --watch|rollup -[a-z]*w|gulp( serve| watch| dev)?$|grunt serve)\b/,
  /(^|\s)parcel(\s+(serve|watch))?\s+(?!build)\S*\.(html|pug)/,
  /(^|\s)parcel\s*$/,
  /\bnest start\b.*--watch/,
  /\bnx (serve|run \S+:serve|dev)\b/,
  /\b(rollup|webpack|esbuild|tsc|tsup|sass|tailwindcss)\b.*(\s-w|\s-cw|\s--watch)(\s|$)/,
  /\b(concurrently|npm-run-all -p|run-p|wsrun)\b/,
  /\b(turbo|lerna) (run )?(dev|start|serve|watch)\b/,
];

/** Runners that only watch and restart: what they run is the production command. */
const watchers: readonly { readonly pattern: RegExp; readonly replace: string }[] = [
  { pattern: /\bnodemon\s+--exec\s+(["'])(.+?)\1.*/, replace: "$2" },
  { pattern: /\bnodemon\s+--exec\s+(\S+)\s+/, replace: "$1 " },
  {
    pattern:
      /\b(?:nodemon|node-dev|supervisor)\b((?:\s+(?:-w|--watch|-e|--ext|--ignore|-i|--delay|-d)\s+\S+|\s+(?:-L|-q|-V|--legacy-watch|--inspect\S*|--quiet))*)\s+(?=\S+\.(?:c|m)?js\b|\S)/,
    replace: "node ",
  },
  { pattern: /\b(?:ts-node-dev|tsnd)\b((?:\s+--?[\w-]+(?:=\S+)?)*)\s+/, replace: "ts-node " },
  { pattern: /\btsx\s+watch\b((?:\s+--[\w-]+(?:=\S+)?)*)/, replace: "tsx" },
  { pattern: /\bnode\s+--watch(?:-path(?:=|\s+)\S+)?\s+/, replace: "node " },
  { pattern: /\bbun\s+(?:--watch|--hot)\s+/, replace: "bun " },
];

const testCommands =
  /^(npm (run )?test|yarn test|pnpm test|jest|mocha|vitest|ava|tap|echo\b.*(no build|nothing|not? )|exit [01]|true|:)/i;

const buildCommands =
  /(^|\s|\/)(tsc|webpack|rollup|esbuild|babel|tsup|swc|gulp|grunt|vite build|next build|nest build|nuxt build|astro build|react-scripts build|ng build|remix build|parcel build|sass|postcss|tailwindcss)(\s|$)|\b(npm|pnpm|yarn|bun) (run )?(build|compile|bundle)\b/;

/** True where a script serves sources for development. */
export function isDevServer(script: string): boolean {
  return script.split(/&&|\|\||;/).some((part) => devServers.some((pattern) => pattern.test(part.trim())));
}

/** True where a "build" builds nothing: tests, an echo. */
export function isNoBuild(script: string): boolean {
  return testCommands.test(script.trim());
}

export function looksLikeBuild(script: string): boolean {
  return buildCommands.test(script);
}

/** A script without its watcher and without `cross-env`. */
export function withoutWatcher(script: string): string {
  const plain = script.replace(/\b(?:npx\s+)?cross-env(?:-shell)?\s+/g, "");
  return watchers.reduce((text, watcher) => text.replace(watcher.pattern, watcher.replace), plain).trim();
}

const indirect = /^(?:npm run(?:-script)?|yarn(?: run)?|pnpm(?: run)?|bun run|npm)\s+([\w:.-]+)$/;

/** A script's text, following scripts that only name another one. */
export function resolveScript(json: PackageJson, name: string): string | undefined {
  let text = json.scripts[name]?.trim();
  for (let hops = 0; hops < 5 && text !== undefined; hops += 1) {
    const next = indirect.exec(text)?.[1];
    if (next === undefined || json.scripts[next] === undefined || next === name) return text;
    text = json.scripts[next].trim();
  }
  return text;
}

export interface StartScript {
  readonly script: string;
  readonly command: string;
  /** A build that the start would have run first; it belongs to the build. */
  readonly buildPart: string | undefined;
  readonly watched: boolean;
}

const startNames = [
  "start:prod",
  "start:production",
  "serve:prod",
  "prod",
  "production",
  "start",
  "serve",
  "server",
  "start:server",
];

/** The scripts that start the app for production, best first; development servers are not among them. */
export function startScripts(json: PackageJson): StartScript[] {
  return startNames.flatMap((name) => scriptStart(json, name) ?? []);
}

/** The start that a command of another file names (`web: npm run serve`, `web: node app.js`), where it is one for production. */
export function startByCommand(json: PackageJson, text: string): StartScript | undefined {
  const name =
    text === "npm start" || text === "yarn start" || text === "pnpm start" ? "start" : indirect.exec(text)?.[1];
  return name !== undefined && json.scripts[name] !== undefined
    ? scriptStart(json, name)
    : startOf(json, name ?? "web", text);
}

function scriptStart(json: PackageJson, name: string): StartScript | undefined {
  const text = resolveScript(json, name);
  return text === undefined || text === "" ? undefined : startOf(json, name, text);
}

function startOf(json: PackageJson, name: string, text: string): StartScript | undefined {
  const command = withoutWatcher(text);
  // `a & b` starts two things at once, which only development does.
  if (isDevServer(command) || /[^&]&[^&]/.test(command)) return undefined;
  const parts = command.split(/\s*&&\s*/);
  const builds = parts.slice(0, -1).filter(looksLikeBuild);
  const rest = builds.length === 0 ? command : parts.filter((part) => !builds.includes(part)).join(" && ");
  if (rest === "" || looksLikeBuild(rest)) return undefined;
  const own = resolveScript(json, "build");
  const before = resolveScript(json, `pre${name}`);
  const extra = builds.filter((part) => part !== own && !/^(npm|pnpm|yarn|bun)( run)? build$/.test(part));
  const buildBefore = before !== undefined && looksLikeBuild(before) && before !== own;
  const buildPart = extra.length > 0 ? extra.join(" && ") : buildBefore ? `npm run pre${name}` : undefined;
  return { script: name, command: rest, buildPart, watched: command !== text && !/cross-env/.test(text) };
}

const buildNames = [
  "build",
  "build:prod",
  "build:production",
  "docs:build",
  "build:docs",
  "site:build",
  "compile",
  "bundle",
  "heroku-postbuild",
  "vercel-build",
];

/** The script that builds the app: by its usual names, or because it runs the framework's build. */
export function buildScript(json: PackageJson, frameworkBuild: string | null | undefined): string | undefined {
  const usual = buildNames.find((name) => json.scripts[name] !== undefined);
  if (usual !== undefined || frameworkBuild == null) return usual;
  return Object.keys(json.scripts).find((name) => {
    const text = json.scripts[name] ?? "";
    return text.includes(frameworkBuild) && !isDevServer(text);
  });
}
