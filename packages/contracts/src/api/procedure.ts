import { oc } from "@orpc/contract";
import { errorBodies } from "./error-bodies.ts";
import type { Permission } from "../permissions.ts";

export interface ProcedureMeta {
  readonly permission: Permission;
  /** Shown on the activity page; reads leave no trace. */
  readonly audited: boolean;
}

const base = oc.$meta<ProcedureMeta>({ permission: "system.write", audited: false }).errors(errorBodies);

/**
 * The start of every procedure. It asks for the permission, so that a procedure without one cannot be written. What only reads, by its
 * method or by its permission (a plan, a live stream), leaves no trace; everything else is audited.
 */
export function procedure(
  permission: Permission,
  method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE",
  path: `/${string}`,
  summary: string,
) {
  const audited = method !== "GET" && !permission.endsWith(".read");
  return base.meta({ permission, audited }).route({ method, path, summary, tags: [path.split("/")[1] ?? ""] });
}
