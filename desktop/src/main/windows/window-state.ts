import { DeploymentId } from "@cloudsmith/contracts";
import * as z from "zod";
import { PagePath } from "../../bridge.ts";

const Bounds = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(200),
  height: z.number().int().min(120),
});

/** Which windows were open, where, and what they showed: the app comes back with them. */
export const WindowState = z.object({
  main: z.object({
    open: z.boolean(),
    bounds: Bounds.optional(),
    maximized: z.boolean(),
    /** The page that it showed. */
    path: PagePath,
  }),
  deployments: z.array(z.object({ id: DeploymentId, bounds: Bounds.optional(), compact: z.boolean() })).max(50),
});
export type WindowState = z.infer<typeof WindowState>;

export const noWindows: WindowState = { main: { open: true, maximized: false, path: "/" }, deployments: [] };
