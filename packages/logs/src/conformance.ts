import { describe } from "vitest";
import { following } from "./conformance/following.ts";
import { limiting } from "./conformance/limiting.ts";
import { reading } from "./conformance/reading.ts";
import { refusing } from "./conformance/refusing.ts";
import { searching } from "./conformance/searching.ts";
import { writing } from "./conformance/writing.ts";
import type { LogStore } from "./log-store.ts";

/** What every LogStore does. `open` gives a new, empty store; it cleans up by vitest's `onTestFinished`. */
export function logStoreConformance(name: string, open: () => Promise<LogStore>): void {
  describe(`${name} as a log store`, () => {
    writing(open);
    reading(open);
    searching(open);
    following(open);
    limiting(open);
    refusing(open);
  });
}
