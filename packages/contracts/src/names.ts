import * as z from "zod";

/** Host labels that CloudSmith keeps for itself. */
export const reservedNames: ReadonlySet<string> = new Set([
  "cloudsmith",
  "www",
  "api",
  "app",
  "admin",
  "agent",
  "localhost",
  "auth",
  "login",
  "static",
  "assets",
  "docs",
  "status",
  "mail",
]);

/** A project's name: a DNS label, so that it can stand in a host name; never reaches a shell. */
export const ProjectName = z
  .string()
  .min(1)
  .max(40)
  .regex(/^[a-z](?:[a-z0-9-]*[a-z0-9])?$/, "use lower-case letters, digits and single dashes, beginning with a letter")
  .refine((name) => !name.includes("--"), "two dashes in a row are kept for environment names")
  .refine((name) => !reservedNames.has(name), "this name is reserved");

export const EnvironmentName = z
  .string()
  .min(1)
  .max(20)
  .regex(/^[a-z](?:[a-z0-9-]*[a-z0-9])?$/, "use lower-case letters, digits and dashes, beginning with a letter")
  .refine((name) => !name.includes("--"), "two dashes in a row are not allowed");

/** The name of an environment variable. `CLOUDSMITH_` is kept for the platform. */
export const VariableName = z
  .string()
  .max(128)
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "use letters, digits and underscores, not beginning with a digit")
  .refine((name) => !name.startsWith("CLOUDSMITH_"), "names beginning with CLOUDSMITH_ are set by CloudSmith");

/** The nearest valid project name to any text (a folder's or a repository's name); `my-app` when nothing is left. */
export function toProjectName(text: string): string {
  const slug = text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, 40)
    .replace(/-+$/, "");
  if (slug === "") return "my-app";
  return reservedNames.has(slug) ? `${slug}-app` : slug;
}

/** The host label of an environment: `shop` for production, `shop--staging` for the others; at most 63 characters by construction. */
export function hostLabel(project: string, environment: string): string {
  return environment === "production" ? project : `${project}--${environment}`;
}
