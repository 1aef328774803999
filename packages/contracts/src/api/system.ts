import * as z from "zod";
import { procedure } from "./procedure.ts";
import { Done } from "./views.ts";

export const DoctorCheck = z.object({
  name: z.string(),
  status: z.enum(["ok", "warning", "failed"]),
  message: z.string(),
  fix: z.string().optional(),
});

export const SystemInfo = z.object({
  version: z.string(),
  /** Clients of another API version are told what to update. */
  apiVersion: z.number().int(),
  mode: z.enum(["embedded", "platform"]),
  url: z.string(),
  pid: z.number().int(),
  startedAt: z.string(),
});

export const system = {
  info: procedure("public", "GET", "/system/info", "Version and address of this agent").output(SystemInfo),
  doctor: procedure("system.read", "GET", "/system/doctor", "Checks of everything that CloudSmith stands on").output(
    z.array(DoctorCheck),
  ),
  clean: procedure("system.write", "POST", "/system/clean", "Drop caches and what no deployment needs any more").output(
    z.object({ freedBytes: z.number() }),
  ),
  supportBundle: procedure(
    "system.write",
    "GET",
    "/system/support-bundle",
    "What support needs to know, with secrets taken out",
  ).output(z.array(z.object({ name: z.string(), content: z.string() }))),
  shutdown: procedure("system.write", "POST", "/system/shutdown", "Stop the agent, and the apps if asked")
    .input(z.object({ apps: z.enum(["keep", "stop"]).default("keep") }))
    .output(Done),
};
