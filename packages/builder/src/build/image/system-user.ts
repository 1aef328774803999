import { readFileSync, realpathSync } from "node:fs";
import { join, sep } from "node:path";

export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

/** The user that an image runs as (`USER node`, `1000:1000`, or nothing for root), by the image's own lists. */
export function systemUser(rootfs: string, user: string): SystemUser {
  const [name = "", group] = user.split(":");
  const row = lines(rootfs, "etc/passwd").find(
    ([login, , uid]) => login === name || uid === name || (name === "" && uid === "0"),
  );
  const gid =
    group === undefined ? row?.[3] : (lines(rootfs, "etc/group").find(([each]) => each === group)?.[2] ?? group);
  return { uid: number(row?.[2] ?? name), gid: number(gid), home: row?.[5] ?? "/" };
}

function number(text: string | undefined): number {
  const value = Number(text === undefined || text === "" ? "0" : text);
  return Number.isInteger(value) && value >= 0 ? value : 0;
}

/** A list of the image; one that is a link out of it is not read. */
function lines(rootfs: string, file: string): string[][] {
  try {
    const real = realpathSync(join(rootfs, file));
    if (!real.startsWith(realpathSync(rootfs) + sep)) return [];
    return readFileSync(real, "utf8")
      .split("\n")
      .map((line) => line.split(":"));
  } catch {
    // An image from scratch has none.
    return [];
  }
}
