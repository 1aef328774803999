import * as z from "zod";
import { Instant } from "../ids.ts";
import { roles } from "../entities.ts";
import { procedure } from "./procedure.ts";
import { Done } from "./views.ts";

const Session = z.object({
  id: z.string(),
  kind: z.enum(["session", "token"]),
  name: z.string(),
  createdAt: Instant,
  lastUsedAt: Instant,
  expiresAt: Instant.nullable(),
  current: z.boolean(),
});

export const auth = {
  me: procedure("sessions.write", "GET", "/auth/me", "Who is signed in").output(
    z.object({ userId: z.string(), teamId: z.string(), name: z.string(), role: z.enum(roles) }),
  ),
  createSignInCode: procedure(
    "sessions.write",
    "POST",
    "/auth/sign-in-codes",
    "A single-use code of 60 seconds that signs a browser in",
  ).output(z.object({ code: z.string(), url: z.string(), expiresAt: Instant })),
  sessions: procedure("sessions.write", "GET", "/auth/sessions", "Browsers and programs that are signed in").output(
    z.array(Session),
  ),
  revoke: procedure("sessions.write", "DELETE", "/auth/sessions/{id}", "Sign a browser or program out")
    .input(z.object({ id: z.string() }))
    .output(Done),
  signOut: procedure("sessions.write", "POST", "/auth/sign-out", "Sign this browser out").output(Done),
  signOutEverywhere: procedure(
    "sessions.write",
    "POST",
    "/auth/sign-out-everywhere",
    "Sign all of one's own browsers out; programs keep their tokens",
  )
    .input(z.object({ keepThis: z.boolean().default(false).describe("all but the one that asks") }))
    .output(z.object({ ended: z.number().int() })),
};
