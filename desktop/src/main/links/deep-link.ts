import { DeploymentId, ProjectName } from "@cloudsmith/contracts";
import * as z from "zod";

export const linkScheme = "cloudsmith";

/** What a `cloudsmith://` link asks for. Only looking at things happens by itself. */
export type Link =
  | { readonly type: "open" }
  | { readonly type: "project"; readonly name: string }
  | { readonly type: "deployment"; readonly id: string }
  /** Asks to deploy a repository: a person confirms it, and then still reviews it. */
  | {
      readonly type: "deploy";
      readonly repository: string;
      readonly ref: string | undefined;
      readonly dir: string | undefined;
    }
  /** The browser in which a person signed in hands back. */
  | { readonly type: "signed-in" };

const longestLink = 2000;
const Ref = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]*$/)
  .refine((ref) => !ref.includes(".."));
const Dir = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9._][A-Za-z0-9._/ -]*$/)
  .refine((dir) => !dir.split("/").includes(".."));

/** Reads a link; undefined where it is not one of ours or has anything wrong. */
export function parseLink(text: string): Link | undefined {
  if (text.length > longestLink || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== `${linkScheme}:` || url.username !== "" || url.password !== "" || url.port !== "")
    return undefined;
  // Without `//` the first part is in the path.
  const [what = "", ...rest] = `${url.host}${url.pathname}`.split("/").filter((part) => part !== "");
  return parsers[what]?.(rest, url.searchParams);
}

const parsers: Readonly<Record<string, (rest: readonly string[], query: URLSearchParams) => Link | undefined>> = {
  open: (rest) => (rest.length === 0 ? { type: "open" } : undefined),
  "signed-in": (rest) => (rest.length === 0 ? { type: "signed-in" } : undefined),
  projects: ([name, ...more]) => {
    const parsed = ProjectName.safeParse(name);
    return parsed.success && more.length === 0 ? { type: "project", name: parsed.data } : undefined;
  },
  deployments: ([id, ...more]) => {
    const parsed = DeploymentId.safeParse(id);
    return parsed.success && more.length === 0 ? { type: "deployment", id: parsed.data } : undefined;
  },
  deploy: (rest, query) => {
    const repository = repositoryOf(query.get("repository"));
    const ref = Ref.optional().safeParse(query.get("ref") ?? undefined);
    const dir = Dir.optional().safeParse(query.get("dir") ?? undefined);
    if (rest.length > 0 || repository === undefined || !ref.success || !dir.success) return undefined;
    return { type: "deploy", repository, ref: ref.data, dir: dir.data };
  },
};

/** A public repository by https, without a password inside; never a folder of this computer. */
function repositoryOf(text: string | null): string | undefined {
  if (text === null || !URL.canParse(text)) return undefined;
  const { protocol, username, password, hostname, port, pathname } = new URL(text);
  if (protocol !== "https:" || username !== "" || password !== "" || port !== "") return undefined;
  const isLocal = hostname === "localhost" || hostname.endsWith(".localhost") || /^[\d.]+$|^\[/.test(hostname);
  return isLocal || pathname.length < 2 ? undefined : `https://${hostname}${pathname}`;
}

/** The links and folders among the arguments that a second start was given. */
export function linksIn(argv: readonly string[]): string[] {
  return argv.filter((arg) => arg.startsWith(`${linkScheme}:`));
}
