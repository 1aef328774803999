import { constants, copyFileSync, linkSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";

/** Entries made in one go before other work gets a turn. */
const turn = 500;

/**
 * Makes a second copy of a prepared app's folder. Packages below `node_modules` are hard-linked, since nobody writes into them while an app
 * runs; everything else, and the folders there that tools do write to (`.cache`, `.prisma`, `.vite`), is copied, by reference where the file system can.
 */
export async function cloneTree(from: string, to: string, signal: AbortSignal): Promise<void> {
  const pending: { from: string; to: string; link: boolean }[] = [{ from, to, link: false }];
  let made = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    mkdirSync(next.to, { recursive: true });
    for (const entry of readdirSync(next.from, { withFileTypes: true })) {
      const source = join(next.from, entry.name);
      const target = join(next.to, entry.name);
      if (entry.isDirectory()) pending.push({ from: source, to: target, link: linksBelow(next.link, entry.name) });
      else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
      else if (next.link) linkSync(source, target);
      else copyFileSync(source, target, constants.COPYFILE_FICLONE);
      if (++made % turn > 0) continue;
      await nextTurn();
      signal.throwIfAborted();
    }
  }
}

function linksBelow(parentLinks: boolean, name: string): boolean {
  if (name === "node_modules") return true;
  return parentLinks && (!name.startsWith(".") || name === ".pnpm" || name === ".bin");
}
