/** One entry of an archive that CloudSmith writes: no owners, no times, three modes. */
export type TarEntry =
  | { readonly type: "file"; readonly path: string; readonly size: number; readonly executable: boolean }
  | { readonly type: "directory"; readonly path: string }
  | { readonly type: "symlink"; readonly path: string; readonly target: string };

export const blockSize = 512;

const flags = { file: "0", symlink: "2", directory: "5", pax: "x" } as const;

/**
 * Writes the ustar block of an entry at a place of a buffer; a name, a target or a size that does not fit into it is in its `paxBlocks`, before it.
 * Format: POSIX.1-2017, pax, "ustar Interchange Format" and "pax Interchange Format".
 */
export function writeTarHeader(entry: TarEntry, buffer: Buffer, at: number): void {
  writeUstar(buffer, at, {
    name: nameOf(entry),
    target: entry.type === "symlink" ? entry.target : "",
    size: entry.type === "file" ? entry.size : 0,
    mode: entry.type === "file" && !entry.executable ? 0o644 : 0o755,
    flag: flags[entry.type],
  });
}

/** What goes before the ustar block of an entry: nothing for nearly all of them. */
export function paxBlocks(entry: TarEntry): Buffer {
  const name = nameOf(entry);
  const target = entry.type === "symlink" ? entry.target : "";
  const size = entry.type === "file" ? entry.size : 0;
  if (!needsPax(name) && !needsPax(target) && size <= largestSize) return nothing;
  const records = [
    ...(needsPax(name) ? [["path", name] as const] : []),
    ...(needsPax(target) ? [["linkpath", target] as const] : []),
    ...(size > largestSize ? [["size", String(size)] as const] : []),
  ];
  const body = Buffer.concat(records.map(([key, value]) => paxRecord(key, value)));
  const header = Buffer.alloc(blockSize);
  writeUstar(header, 0, { name: "pax", target: "", size: body.length, mode: 0o644, flag: flags.pax });
  return Buffer.concat([header, body, Buffer.alloc(paddingLength(body.length))]);
}

const nothing = Buffer.alloc(0);
const largestSize = 0o77777777777;

function nameOf(entry: TarEntry): string {
  return entry.type === "directory" ? `${entry.path}/` : entry.path;
}

/** How many zeros fill the last block of a body of `size` bytes. */
export function paddingLength(size: number): number {
  return (blockSize - (size % blockSize)) % blockSize;
}

function needsPax(text: string): boolean {
  // A control character or a byte beyond ASCII is left to pax, which is UTF-8 by definition.
  return text.length > 100 || /[^\x20-\x7e]/.test(text);
}

/** `"<length> key=value\n"`, where the length counts itself. */
function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (rest + String(length).length !== length) length = rest + String(length).length;
  return Buffer.from(`${length} ${key}=${value}\n`);
}

/** Owners, times and the format are the same in every block. */
const ustarTemplate = ((): Buffer => {
  const block = Buffer.alloc(blockSize);
  for (const at of [108, 116]) writeOctal(block, at, 0, 7);
  writeOctal(block, 136, 0, 11);
  block.fill(" ", 148, 156, "latin1");
  block.write("ustar\u000000", 257, "latin1");
  return block;
})();
const templateSum = ustarTemplate.reduce((total, byte) => total + byte, 0);

function writeUstar(
  buffer: Buffer,
  at: number,
  fields: { name: string; target: string; size: number; mode: number; flag: string },
): void {
  buffer.set(ustarTemplate, at);
  let sum = templateSum;
  sum += writeText(buffer, at, fields.name);
  sum += writeOctal(buffer, at + 100, fields.mode, 7);
  sum += writeOctal(buffer, at + 124, Math.min(fields.size, largestSize), 11);
  sum += writeText(buffer, at + 156, fields.flag);
  sum += writeText(buffer, at + 157, fields.target);
  writeOctal(buffer, at + 148, sum, 6);
  buffer[at + 154] = 0;
}

/** Writes up to 100 characters, one byte each, and gives the sum of the bytes. */
function writeText(buffer: Buffer, at: number, text: string): number {
  let sum = 0;
  for (let index = 0; index < text.length && index < 100; index += 1) {
    const byte = text.charCodeAt(index) & 0xff;
    buffer[at + index] = byte;
    sum += byte;
  }
  return sum;
}

/** Writes a number in octal digits, and gives the sum of their bytes; the byte after them stays 0. */
function writeOctal(buffer: Buffer, at: number, value: number, digits: number): number {
  let sum = 0;
  let rest = value;
  for (let index = digits - 1; index >= 0; index -= 1) {
    const byte = 0x30 + (rest % 8);
    buffer[at + index] = byte;
    sum += byte;
    rest = Math.floor(rest / 8);
  }
  return sum;
}
