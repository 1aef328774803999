import { parse as parseToml } from "smol-toml";
import { parse as parseYaml } from "yaml";
import * as z from "zod";
import { joinPath, parseJson, type SourceTree } from "../plan/source-tree.ts";
import type { SettingsLayer } from "../plan/settings.ts";
import { reader, settingsOf, withoutInstalls, type PlatformFile } from "./platform-file.ts";

const text = z.string().optional().catch(undefined);
const port = z.number().int().min(1).max(65535).optional().catch(undefined);

const Vercel = z.looseObject({
  buildCommand: z.string().nullable().optional().catch(undefined),
  installCommand: text,
  outputDirectory: text,
  rewrites: z
    .array(z.looseObject({ source: z.string(), destination: z.string() }))
    .optional()
    .catch(undefined),
});

const Netlify = z.looseObject({
  build: z
    .looseObject({
      command: text,
      publish: text,
      environment: z.record(z.string(), z.string()).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  redirects: z
    .array(z.looseObject({ from: z.string(), to: z.string(), status: z.number().optional() }))
    .optional()
    .catch(undefined),
});

const RenderService = z.looseObject({
  type: z.string(),
  env: text,
  runtime: text,
  buildCommand: text,
  startCommand: text,
  preDeployCommand: text,
  staticPublishPath: text,
  healthCheckPath: text,
  envVars: z
    .array(z.looseObject({ key: z.string().optional(), sync: z.boolean().optional() }))
    .optional()
    .catch(undefined),
});
const Render = z.looseObject({ services: z.array(RenderService) });

const Fly = z.looseObject({
  deploy: z.looseObject({ release_command: text }).optional().catch(undefined),
  http_service: z
    .looseObject({
      internal_port: port,
      checks: z
        .array(z.looseObject({ path: text }))
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
});

const Railway = z.looseObject({
  build: z.looseObject({ buildCommand: text }).optional().catch(undefined),
  deploy: z
    .looseObject({ startCommand: text, preDeployCommand: text, healthcheckPath: text })
    .optional()
    .catch(undefined),
});

const AppJson = z.looseObject({
  env: z.record(
    z.string(),
    z.union([
      z.string(),
      z.looseObject({
        required: z.boolean().optional(),
        value: z.string().optional(),
        generator: z.string().optional(),
      }),
    ]),
  ),
});

/** A path that every request without a file gets. */
const everything = new Set(["/(.*)", "/*", "/:path*", "/(.*)/", "/((?!api/.*).*)", "**"]);

/** The table of files of other platforms, weakest first. */
export const platformFiles: readonly PlatformFile[] = [
  {
    files: ["app.json"],
    read: reader(AppJson, ({ env }) => ({
      settings: {},
      expects: Object.entries(env).flatMap(([name, entry]) =>
        typeof entry === "string" ||
        entry.required === false ||
        entry.value !== undefined ||
        entry.generator !== undefined
          ? []
          : [name],
      ),
    })),
  },
  {
    files: ["vercel.json"],
    read: reader(Vercel, ({ buildCommand, installCommand, outputDirectory, rewrites }) => ({
      settings: settingsOf({
        build: withoutInstalls(buildCommand ?? undefined),
        install: installCommand,
        output: relative(outputDirectory),
        spa:
          rewrites?.some((rule) => everything.has(rule.source) && /^\/(index\.html)?$/.test(rule.destination)) === true
            ? true
            : undefined,
      }),
    })),
  },
  {
    files: ["netlify.toml"],
    read: reader(Netlify, ({ build, redirects }) => ({
      settings: settingsOf({
        build: withoutInstalls(build?.command),
        output: relative(build?.publish),
        spa:
          redirects?.some((rule) => rule.from === "/*" && rule.to === "/index.html" && rule.status === 200) === true
            ? true
            : undefined,
        toolchains:
          build?.environment?.["NODE_VERSION"] === undefined ? undefined : { node: build.environment["NODE_VERSION"] },
      }),
    })),
  },
  {
    files: ["fly.toml"],
    read: reader(Fly, ({ deploy, http_service }) => ({
      settings: settingsOf({
        release: deploy?.release_command,
        port: http_service?.internal_port,
        health: healthOf(http_service?.checks?.find((check) => check.path !== undefined)?.path),
      }),
    })),
  },
  {
    files: ["railway.json"],
    read: reader(Railway, ({ build, deploy }) => ({
      settings: settingsOf({
        build: withoutInstalls(build?.buildCommand),
        start: deploy?.startCommand,
        release: deploy?.preDeployCommand,
        health: healthOf(deploy?.healthcheckPath),
      }),
    })),
  },
  {
    files: ["render.yaml", "render.yml"],
    read: reader(Render, ({ services }) => {
      const service = services.find((each) => each.type === "web" || each.type === "static");
      if (service === undefined) return { settings: {} };
      return {
        settings: settingsOf({
          build: withoutInstalls(service.buildCommand),
          start: service.startCommand,
          release: service.preDeployCommand,
          output: relative(service.staticPublishPath),
          health: healthOf(service.healthCheckPath),
        }),
        expects: (service.envVars ?? []).flatMap((entry) =>
          entry.key !== undefined && entry.sync === false ? [entry.key] : [],
        ),
      };
    }),
  },
];

function healthOf(path: string | undefined): { path: string } | undefined {
  return path?.startsWith("/") === true ? { path } : undefined;
}

function relative(path: string | undefined): string | undefined {
  const clean = path === undefined ? undefined : joinPath(path.replace(/^\.?\//, "")).replace(/\/$/, "");
  return clean === undefined || clean.startsWith("..") ? undefined : clean === "" ? "." : clean;
}

export interface PlatformLayers {
  readonly layers: readonly SettingsLayer[];
  /** Wanted variables, and the file that names each. */
  readonly expects: readonly { readonly name: string; readonly file: string }[];
}

/** What the files of other platforms in a folder say. */
export function readPlatformFiles(tree: SourceTree, dir: string): PlatformLayers {
  const layers: SettingsLayer[] = [];
  const expects: { name: string; file: string }[] = [];
  for (const row of platformFiles) {
    const file = row.files.find((name) => tree.isFile(joinPath(dir, name)));
    const says = file === undefined ? undefined : row.read(parseFile(file, tree.text(joinPath(dir, file)) ?? ""));
    if (file === undefined || says === undefined) continue;
    expects.push(...(says.expects ?? []).map((name) => ({ name, file })));
    if (Object.keys(says.settings).length > 0)
      layers.push({ origin: "platform-file", source: file, settings: says.settings });
  }
  return { layers, expects };
}

function parseFile(name: string, content: string): unknown {
  try {
    if (name.endsWith(".toml")) return parseToml(content);
    return /\.ya?ml$/.test(name) ? parseYaml(content, { logLevel: "error" }) : parseJson(content);
  } catch {
    // A broken file of another platform is that platform's matter.
    return undefined;
  }
}
