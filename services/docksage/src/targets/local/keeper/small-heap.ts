import { setFlagsFromString } from "node:v8";

/**
 * The keeper runs day and night beside the apps, so it trades a little speed of its own code for memory: what it moves are buffers
 * outside of the heap. Imported before anything else, while the heap is small. The flags are V8's, of the Node version that ships.
 */
for (const flag of [
  "--max-semi-space-size=1",
  "--semi-space-growth-factor=1",
  "--optimize-for-size",
  // The middle compiler only: what is hot still gets to the best one.
  "--no-maglev",
])
  setFlagsFromString(flag);
