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

/**
 * Whether what a planner says would bring the app up, measured by our plan, which has been deployed: "right", or in a few words why not.
 * A static site: the same folder is served, or a command serves it. A server: a command (or a builder of the platform) that runs it in production.
 */
export function judge(app: string, ours: Plan, rivals: Readonly<Record<RivalName, Plan>>): Record<RivalName, string> {
  return {
    nixpacks: judgeNixpacks(app, ours, rivals.nixpacks),
    vercel: judgeVercel(ours, rivals.vercel),
    netlify: judgeNetlify(ours, rivals.netlify),
  };
}

function judgeNixpacks(app: string, ours: Plan, plan: Plan): string {
  const refused = refusedNode(app, plan.runtime ?? "");
  if (plan.folder !== null) return judgeFolder(ours, plan.folder);
  if (plan.start === null) return plan.kind?.startsWith("fails") === true ? "no plan" : "no start";
  const start = expanded(app, plan.start);
  if (devServer.test(start)) return "starts the development server";
  if (
    ours.folder !== null &&
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
  const major = /nodejs_(\d+)/.exec(runtime)?.[1];
  const asked = manifestOf(app)?.engines.node;
  if (major === undefined || asked === undefined) return undefined;
  try {
    return intersects(asked, `${major}.x`) ? undefined : `Node ${major} where ${asked} is asked`;
  } catch {
    return undefined;
  }
}

function judgeVercel(ours: Plan, plan: Plan): string {
  if (plan.folder !== null && plan.folder !== "N/A" && plan.start === null) return judgeFolder(ours, plan.folder);
  if (plan.start === null) return plan.kind === null ? "no plan" : "no start";
  return ours.start === null && !/next|remix|nuxt|svelte|astro|gatsby/.test(plan.kind ?? "")
    ? "takes a site for a server"
    : "right";
}

function judgeNetlify(ours: Plan, plan: Plan): string {
  if (plan.kind === null && plan.folder === null) return "no plan";
  if (ours.start === null) return judgeFolder(ours, plan.folder ?? "");
  return netlifyServers.test(plan.kind ?? "") ? "right" : "servers are not run";
}

function judgeFolder(ours: Plan, folder: string): string {
  if (ours.folder === null) return "takes a server for a site";
  const same =
    normalize(ours.folder) === normalize(folder) || normalize(ours.folder).startsWith(`${normalize(folder)}/`);
  return same ? "right" : `serves ${folder === "" ? "nothing" : folder}, it is ${ours.folder}`;
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
