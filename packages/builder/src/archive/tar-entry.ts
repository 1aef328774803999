/** One entry of an archive that CloudSmith writes: no owners, no times, three modes. */
export type TarEntry =
  | { readonly type: "file"; readonly path: string; readonly size: number; readonly executable: boolean }
  | { readonly type: "directory"; readonly path: string }
  | { readonly type: "symlink"; readonly path: string; readonly target: string };

export const blockSize = 512;

const flags = { file: "0", symlink: "2", directory: "5", pax: "x" } as const;

/**
 * The header blocks of an entry: one ustar block, after a pax block where a name, a target or a size does not fit.
 * Format: POSIX.1-2017, pax, "ustar Interchange Format" and "pax Interchange Format".
 */
export function tarHeader(entry: TarEntry): Buffer {
  const name = entry.type === "directory" ? `${entry.path}/` : entry.path;
  const target = entry.type === "symlink" ? entry.target : "";
  const size = entry.type === "file" ? entry.size : 0;
  const mode = entry.type === "file" && !entry.executable ? 0o644 : 0o755;
  const records = [
    ...(needsPax(name) ? [["path", name] as const] : []),
    ...(needsPax(target) ? [["linkpath", target] as const] : []),
    ...(size > 0o77777777777 ? [["size", String(size)] as const] : []),
  ];
  const main = ustarBlock({ name, target, size, mode, flag: flags[entry.type] });
  if (records.length === 0) return main;
  const body = Buffer.concat(records.map(([key, value]) => paxRecord(key, value)));
  return Buffer.concat([
    ustarBlock({ name: "pax", target: "", size: body.length, mode: 0o644, flag: flags.pax }),
    body,
    tarPadding(body.length),
    main,
  ]);
}

/** The zeros after a body of `size` bytes. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((blockSize - (size % blockSize)) % blockSize);
}

function needsPax(text: string): boolean {
  // A control character or a byte beyond ASCII is left to pax, which is UTF-8 by definition.
  return Buffer.byteLength(text) > 100 || /[^\x20-\x7e]/.test(text);
}

/** `"<length> key=value\n"`, where the length counts itself. */
function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (rest + String(length).length !== length) length = rest + String(length).length;
  return Buffer.from(`${length} ${key}=${value}\n`);
}

function ustarBlock(fields: { name: string; target: string; size: number; mode: number; flag: string }): Buffer {
  const block = Buffer.alloc(blockSize);
  block.write(fields.name.slice(0, 100), 0, 100, "latin1");
  block.write(octal(fields.mode, 7), 100, "latin1");
  block.write(octal(0, 7), 108, "latin1");
  block.write(octal(0, 7), 116, "latin1");
  block.write(octal(Math.min(fields.size, 0o77777777777), 11), 124, "latin1");
  block.write(octal(0, 11), 136, "latin1");
  block.fill(" ", 148, 156, "latin1");
  block.write(fields.flag, 156, "latin1");
  block.write(fields.target.slice(0, 100), 157, 100, "latin1");
  block.write("ustar\u000000", 257, "latin1");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}

function octal(value: number, digits: number): string {
  return `${value.toString(8).padStart(digits, "0")}\0`;
}
