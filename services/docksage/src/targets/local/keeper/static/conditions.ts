import type { IncomingHttpHeaders } from "node:http";

/** How a conditional request is answered (RFC 9110, 13.2.2); ETags are the only validators. */
export function checkConditions(headers: IncomingHttpHeaders, etag: string): "send" | "not-modified" | "failed" {
  const match = headers["if-match"];
  if (match !== undefined && !lists(match, etag, true)) return "failed";
  const noneMatch = headers["if-none-match"];
  return noneMatch !== undefined && lists(noneMatch, etag, false) ? "not-modified" : "send";
}

function lists(header: string, etag: string, isStrong: boolean): boolean {
  return header.split(",").some((part) => {
    const tag = part.trim();
    return tag === "*" || tag === etag || (!isStrong && tag === `W/${etag}`);
  });
}

export interface ByteRange {
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
}

/**
 * The one byte range asked for (RFC 9110, 14). Null: the whole file, also for several ranges and for anything that is not understood,
 * as the RFC allows. `unsatisfiable`: it lies behind the end.
 */
export function parseRange(
  headers: IncomingHttpHeaders,
  size: number,
  etag: string,
): ByteRange | null | "unsatisfiable" {
  const match = /^bytes=(\d*)-(\d*)$/.exec(headers.range?.trim() ?? "");
  if (match === null) return null;
  const condition = headers["if-range"];
  if (condition !== undefined && condition !== etag) return null;
  const [, first = "", last = ""] = match;
  if (first === "" && last === "") return null;
  if (first === "")
    return Number(last) === 0 || size === 0
      ? "unsatisfiable"
      : { start: Math.max(0, size - Number(last)), end: size - 1 };
  const start = Number(first);
  const end = last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== "" && Number(last) < start) return null;
  return start >= size ? "unsatisfiable" : { start, end };
}

/** The encodings a client takes, best for size first (RFC 9110, 12.5.3); `q=0` refuses one. */
export function acceptedEncodings(header: string | undefined): ("br" | "gzip")[] {
  const weights = new Map(
    (header ?? "").split(",").map((part) => {
      const [name = "", ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith("q="));
      return [name, weight === undefined ? 1 : Number(weight.slice(2))];
    }),
  );
  return (["br", "gzip"] as const).filter((encoding) => (weights.get(encoding) ?? weights.get("*") ?? 0) > 0);
}
