import { Subscription } from "@cloudsmith/contracts/api";
import { z } from "zod";

/** How far a subscription has come: store sequences and log positions, never offsets of a bus. */
export const Progress = z.object({
  /** Number of the last timeline entry sent. */
  entry: z.number().int().optional(),
  /** Log that was being read, and the last position sent of it. */
  log: z.object({ part: z.string(), position: z.number().int() }).optional(),
});
export type Progress = z.infer<typeof Progress>;

const Cursor = z.object({ subscriptions: z.array(Subscription), progress: z.record(z.string(), Progress) });
export type Cursor = z.infer<typeof Cursor>;

/** A stream's whole state as the id of an event: whoever comes back with it gets what follows. */
export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString("base64url");
}

/** The state behind an event id; undefined for anything else. */
export function decodeCursor(text: string | undefined): Cursor | undefined {
  if (text === undefined) return undefined;
  try {
    return Cursor.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
  } catch {
    return undefined;
  }
}
