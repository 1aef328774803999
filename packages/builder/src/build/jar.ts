import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { inflateRawSync } from "node:zlib";

const endRecordBytes = 22;
const longestComment = 65_535;

/** Attributes of a jar's main manifest, by their names; undefined where the file is no jar or has no manifest. The form is that of PKWARE's APPNOTE, 4.3. */
export function jarManifest(file: string): ReadonlyMap<string, string> | undefined {
  const handle = openSync(file, "r");
  try {
    const read = (position: number, length: number): Buffer => {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, readSync(handle, bytes, 0, length, position));
    };
    const text = entryText(read, fstatSync(handle).size, "META-INF/MANIFEST.MF");
    return text === undefined ? undefined : attributes(text);
  } catch (error) {
    // Offsets that lead nowhere, or bytes that are not packed: not a jar.
    if (error instanceof RangeError || (error instanceof Error && "code" in error)) return undefined;
    throw error;
  } finally {
    closeSync(handle);
  }
}

type Read = (position: number, length: number) => Buffer;

function entryText(read: Read, size: number, name: string): string | undefined {
  const tailLength = Math.min(size, endRecordBytes + longestComment);
  const tail = read(size - tailLength, tailLength);
  const end = tail.lastIndexOf("PK\u0005\u0006", undefined, "latin1");
  if (end === -1) return undefined;
  const directory = read(tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  for (let at = 0; at + 46 <= directory.length;) {
    const nameLength = directory.readUInt16LE(at + 28);
    if (directory.toString("utf8", at + 46, at + 46 + nameLength) === name) return content(read, directory, at);
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return undefined;
}

function content(read: Read, directory: Buffer, at: number): string {
  const method = directory.readUInt16LE(at + 10);
  const packed = directory.readUInt32LE(at + 20);
  const offset = directory.readUInt32LE(at + 42);
  const local = read(offset, 30);
  const bytes = read(offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28), packed);
  return (method === 0 ? bytes : inflateRawSync(bytes)).toString("utf8");
}

/** Main attributes end at the first empty line; a line that begins with a space goes on with the one before. */
function attributes(text: string): ReadonlyMap<string, string> {
  const [main = ""] = text.replaceAll("\r\n", "\n").replaceAll("\n ", "").split("\n\n");
  return new Map(
    main.split("\n").flatMap((line) => {
      const colon = line.indexOf(":");
      return colon === -1 ? [] : [[line.slice(0, colon), line.slice(colon + 1).trim()] as const];
    }),
  );
}
