import { existsSync, readFileSync } from "node:fs";
import { join, normalize } from "node:path";
import { intersects } from "semver";
import * as z from "zod";
import type { Plan } from "./rival-plans.ts";

export const rivalNames = ["nixpacks", "vercel", "netlify"] as const;
export type RivalName = (typeof rivalNames)[number];

const Manifest = z.object({
  scripts: z.record(z.string(), z.string()).default({}),
  engines: z.object({ node: z.string().optional() }).default({}),
});

/** Frameworks whose server Netlify runs by an adapter of its own. */
const netlifyServers =
  /^(?:next|nuxt|nuxt3|svelte-kit|remix|react-router|astro|angular|solid-start|hydrogen|qwik|tanstack-start)$/;
const devServer =
  /\b(?:vite(?! (?:build|preview))|(?:next|nuxt|astro|vinxi) dev|astro dev|gatsby develop|ng serve|react-scripts start|craco start|vue-cli-service serve|nodemon|eleventy --serve|webpack(?:-dev-server| serve)|ts-node-dev|tsx watch|docusaurus(?:-start| start)|vitepress dev|nx serve)\b/;

/** What a right plan does, as the label says. */
export type Right =
  | { readonly type: "server" }
  | { readonly type: "folder"; readonly folder: string }
  | { readonly type: "none" };

export function rightOf(serves: string): Right {
  return serves === "server" || serves === "none" ? { type: serves } : { type: "folder", folder: serves };
}

/**
 * Whether what a planner says would bring the app up, by its label: "right", or in a few words why not. Ours is judged as the others are.
 * A static site: the folder that the build writes is served, or a command serves it. A server: a command (or a builder of the platform) that runs it in production.
 * What is no app, or several, is to be refused.
 */
export function judge(app: string, right: Right, plan: Plan, planner: RivalName | "ours"): string {
  if (right.type === "none") return plan.start === null && plan.folder === null ? "right" : "takes it for an app";
  switch (planner) {
    case "ours":
      return judgeOurs(app, right, plan);
    case "nixpacks":
      return judgeNixpacks(app, right, plan);
    case "vercel":
      return judgeVercel(right, plan);
    case "netlify":
      return judgeNetlify(right, plan);
  }
}

type App = Exclude<Right, { type: "none" }>;

function judgeOurs(app: string, right: App, plan: Plan): string {
  if (plan.folder !== null) return judgeFolder(right, plan.folder);
  if (plan.start === null) return "no plan";
  if (devServer.test(plan.start)) return "starts the development server";
  return right.type === "folder" ? "takes a site for a server" : (refusedNode(app, plan.runtime ?? "") ?? "right");
}

function judgeNixpacks(app: string, right: App, plan: Plan): string {
  const refused = refusedNode(app, plan.runtime ?? "");
  if (plan.folder !== null) return judgeFolder(right, plan.folder);
  if (plan.start === null) return plan.kind?.startsWith("fails") === true ? "no plan" : "no start";
  const start = expanded(app, plan.start);
  if (devServer.test(start)) return "starts the development server";
  if (
    right.type === "folder" &&
    !/\b(?:sirv|serve|http-server|nginx|caddy|gatsby serve|vite preview|start\.js)\b/.test(start)
  )
    return "starts a server that is none";
  const file = /^python3? (\S+\.py)$/.exec(start)?.[1];
  if (file !== undefined && !/\.run\(|serve_forever|execute_from_command_line/.test(read(app, file)))
    return `${file} serves nothing by itself`;
  if (/manage\.py runserver/.test(start)) return "starts the development server";
  if (
    /gunicorn/.test(start) &&
    !/gunicorn/i.test(`${read(app, "requirements.txt")}${read(app, "pyproject.toml")}${read(app, "Pipfile")}`)
  )
    return "gunicorn is started and not installed";
  return refused ?? "right";
}

/** Node in a version that the app says it refuses. */
function refusedNode(app: string, runtime: string): string | undefined {
  const major = /(?:nodejs_|\bnode )(\d+)/.exec(runtime)?.[1];
  const asked = manifestOf(app)?.engines.node;
  if (major === undefined || asked === undefined) return undefined;
  try {
    return intersects(asked, `${major}.x`) ? undefined : `Node ${major} where ${asked} is asked`;
  } catch {
    return undefined;
  }
}

function judgeVercel(right: App, plan: Plan): string {
  if (plan.folder !== null && plan.folder !== "N/A" && plan.start === null) return judgeFolder(right, plan.folder);
  if (plan.start === null) return plan.kind === null ? "no plan" : "no start";
  return right.type === "folder" && !/next|remix|nuxt|svelte|astro|gatsby/.test(plan.kind ?? "")
    ? "takes a site for a server"
    : "right";
}

function judgeNetlify(right: App, plan: Plan): string {
  if (plan.kind === null && plan.folder === null) return "no plan";
  if (right.type === "folder") return judgeFolder(right, plan.folder ?? "");
  return netlifyServers.test(plan.kind ?? "") ? "right" : "servers are not run";
}

function judgeFolder(right: App, folder: string): string {
  if (right.type === "server") return "takes a server for a site";
  const [wanted, found] = [normalize(right.folder), normalize(folder)];
  return wanted === found || wanted.startsWith(`${found}/`)
    ? "right"
    : `serves ${folder === "" ? "nothing" : folder}, it is ${right.folder}`;
}

/** The script behind `npm run start` and the like. */
function expanded(app: string, command: string): string {
  const script = /^(?:npm|yarn|pnpm|bun) (?:run )?(\S+)$/.exec(command)?.[1];
  return script === undefined ? command : (manifestOf(app)?.scripts[script] ?? "");
}

function manifestOf(app: string): z.infer<typeof Manifest> | undefined {
  const text = read(app, "package.json");
  return text === "" ? undefined : Manifest.safeParse(JSON.parse(text)).data;
}

function read(app: string, name: string): string {
  const path = join(app, name);
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
