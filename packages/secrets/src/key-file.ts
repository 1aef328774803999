import { randomBytes } from "node:crypto";
import { lstat } from "node:fs/promises";
import { dirname } from "node:path";
import { CloudSmithError } from "@cloudsmith/contracts";
import type { KeyProvider } from "./key-provider.ts";
import { createWhole, hasCode, readIfThere } from "./safe-file.ts";

const prefix = "cloudsmith-key-v1 ";

/**
 * A key in a 0600 file, in a folder that is made 0700 if it is not there. Processes that create it at the same time get
 * the same key. Errors: `locked` when others could read or replace the file, when it holds no key, and when it is
 * missing though it may not be created.
 */
export function keyFile(file: string): KeyProvider {
  return {
    name: `file ${file}`,
    async load({ mayCreate = true } = {}) {
      const found = await readKey(file);
      if (found !== undefined) return found;
      if (!mayCreate) {
        throw new CloudSmithError("locked", `The key file ${file} is missing`, {
          why: "The stored secrets cannot be read without it",
          fix: "Put it back from a backup, or delete the secrets and set them again",
        });
      }
      await createWhole(file, Buffer.from(`${prefix}${randomBytes(32).toString("base64")}\n`));
      const made = await readKey(file);
      if (made === undefined) throw noKey(file);
      return made;
    },
  };
}

async function readKey(file: string): Promise<Uint8Array | undefined> {
  try {
    await refuseUnsafe(file);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
  const text = (await readIfThere(file))?.toString("latin1");
  if (text === undefined) return undefined;
  const key = text.startsWith(prefix) ? Buffer.from(text.slice(prefix.length).trim(), "base64") : undefined;
  if (key?.length !== 32) throw noKey(file);
  return key;
}

async function refuseUnsafe(file: string): Promise<void> {
  const facts = await lstat(file);
  if (!facts.isFile()) throw noKey(file);
  // Windows has no such modes: there the folder of the user's profile keeps others out.
  if (process.platform === "win32") return;
  const me = process.getuid?.();
  if (me !== 0 && facts.uid !== me) {
    throw unsafe(`The key file ${file} belongs to another user`, `Run \`sudo chown $(id -u) '${file}'\``);
  }
  if ((facts.mode & 0o077) !== 0) throw unsafe(`Others can read the key file ${file}`, `Run \`chmod 600 '${file}'\``);
  const folder = dirname(file);
  if (((await lstat(folder)).mode & 0o022) !== 0) {
    throw unsafe(`Others can replace the key file in ${folder}`, `Run \`chmod 700 '${folder}'\``);
  }
}

function unsafe(message: string, fix: string): CloudSmithError {
  return new CloudSmithError("locked", message, {
    why: "Whoever can get at the key can read every secret",
    fix: `${fix}; if others use this computer, set the secrets again afterwards`,
  });
}

function noKey(file: string): CloudSmithError {
  return new CloudSmithError("locked", `${file} does not hold a key`, {
    fix: "Put the original file back from a backup",
  });
}
