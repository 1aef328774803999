import { parse as parseYaml } from "yaml";
import * as z from "zod";

const Environment = z
  .union([
    z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    z
      .array(z.string())
      .transform((lines) =>
        Object.fromEntries(
          lines.map((line) => [
            line.replace(/=.*$/s, ""),
            line.includes("=") ? line.slice(line.indexOf("=") + 1) : null,
          ]),
        ),
      ),
  ])
  .optional()
  .catch(undefined);

const words = z
  .union([z.string(), z.array(z.coerce.string())])
  .optional()
  .catch(undefined);

const Service = z.looseObject({
  image: z.string().optional().catch(undefined),
  build: z
    .union([
      z.string().transform((context) => ({ context, dockerfile: undefined, target: undefined, args: undefined })),
      z.looseObject({
        context: z.string().default("."),
        dockerfile: z.string().optional(),
        target: z.string().optional(),
        args: Environment,
      }),
    ])
    .optional()
    .catch(undefined),
  command: words,
  environment: Environment,
  ports: z
    .array(z.union([z.string(), z.number(), z.looseObject({ target: z.coerce.number() })]))
    .optional()
    .catch(undefined),
});
const Compose = z.looseObject({ services: z.record(z.string(), Service) });

export interface ComposeService {
  readonly name: string;
  readonly image: string | undefined;
  readonly build:
    | {
        readonly context: string;
        readonly dockerfile: string;
        readonly target: string | null;
        readonly args: Readonly<Record<string, string>>;
      }
    | undefined;
  readonly command: string | readonly string[] | undefined;
  /** Variables whose values the file itself gives. */
  readonly environment: Readonly<Record<string, string>>;
  /** Port in the container. */
  readonly port: number | undefined;
}

/** The services of a compose file; undefined where it is none. Reads https://github.com/compose-spec/compose-spec */
export function readCompose(text: string): ComposeService[] | undefined {
  let content: unknown;
  try {
    content = parseYaml(text, { logLevel: "error", merge: true });
  } catch {
    return undefined;
  }
  const parsed = Compose.safeParse(content);
  if (!parsed.success) return undefined;
  return Object.entries(parsed.data.services).map(([name, { image, build, command, environment, ports }]) => ({
    name,
    image,
    build:
      build === undefined
        ? undefined
        : {
            context: build.context,
            dockerfile: build.dockerfile ?? "Dockerfile",
            target: build.target ?? null,
            args: literal(build.args ?? {}),
          },
    command,
    environment: literal(environment ?? {}),
    port: portOf(ports?.[0]),
  }));
}

/** A value with a variable of the person's shell in it says nothing here. */
function literal(values: Readonly<Record<string, string | number | boolean | null>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value === null || String(value).includes("${") ? [] : [[name, String(value)] as const],
    ),
  );
}

/** `127.0.0.1:8080:80/tcp` is port 80 of the container. */
function portOf(port: string | number | { readonly target: number } | undefined): number | undefined {
  if (port === undefined) return undefined;
  const number =
    typeof port === "object"
      ? port.target
      : Number(
          String(port)
            .replace(/\/\w+$/, "")
            .split(":")
            .at(-1),
        );
  return Number.isInteger(number) && number > 0 && number <= 65_535 ? number : undefined;
}
