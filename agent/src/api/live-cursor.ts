import { CloudSmithError } from "@cloudsmith/contracts";
import { Subscription } from "@cloudsmith/contracts/api";
import * as z from "zod";

/** How far a subscription has come: store sequences and log positions, never offsets of a bus. */
export const Progress = z.object({
  /** Number of the last timeline entry sent. */
  entry: z.number().int().optional(),
  /** Part of a deployment's log that was being read, and the last position sent of it. */
  log: z.object({ part: z.string(), position: z.number().int() }).optional(),
  /** Releases whose run-time logs are followed, and the last position sent of each. */
  releases: z.record(z.string(), z.number().int()).optional(),
  /** Sequence of the newest release that was followed. */
  upTo: z.number().int().optional(),
  /** It has ended. */
  over: z.literal(true).optional(),
});
export type Progress = z.infer<typeof Progress>;

export const Cursor = z.object({
  /** Present once subscriptions were added or removed; else the caller's own request names them. */
  subscriptions: z.array(Subscription).max(100).optional(),
  progress: z.record(z.string().max(80), Progress),
});
export type Cursor = z.infer<typeof Cursor>;

/** A stream's place as the id of an event: whoever comes back with it gets what follows. */
export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString("base64url");
}

/** The place behind an event id. Throws `invalid-input` for anything else, since to begin anew would repeat what was sent. */
export function decodeCursor(text: string): Cursor {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
  } catch (error) {
    throw new CloudSmithError("invalid-input", "This live stream cannot be taken up again", {
      why: "The id of its last message is not one of ours",
      fix: "Open a new one",
      cause: error,
    });
  }
}
