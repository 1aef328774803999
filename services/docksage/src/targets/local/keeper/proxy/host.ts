import { isIP } from "node:net";

/** A Host header taken apart. */
export interface ParsedHost {
  /** Lower case; an IPv6 address without its brackets. */
  readonly name: string;
  readonly port: number | null;
}

const hostPattern = /^(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?)\.?)(?::(\d{1,5}))?$/i;

/** Parses a Host header (RFC 9110, 7.2); null for anything that is not a host name or address with an optional port. */
export function parseHost(header: string): ParsedHost | null {
  const match = hostPattern.exec(header);
  if (match === null) return null;
  const [, v6, name, digits] = match;
  if (v6 !== undefined && isIP(v6) !== 6) return null;
  if (name?.includes("..")) return null;
  const port = digits === undefined ? null : Number(digits);
  if (port !== null && (port < 1 || port > 65_535)) return null;
  return { name: (v6 ?? name ?? "").toLowerCase(), port };
}

const suffix = ".localhost";

/** The label of `<label>.localhost`, or null for any other name. */
export function labelOf(host: ParsedHost): string | null {
  if (!host.name.endsWith(suffix)) return null;
  const label = host.name.slice(0, -suffix.length);
  return label === "" || label.includes(".") ? null : label;
}

/**
 * Whether a host name can only mean this machine. A page of another site can make its own name resolve to 127.0.0.1 (DNS rebinding)
 * and would then read an app's answers as its own; it cannot do so with an address or with `localhost`.
 */
export function isLoopbackName(host: ParsedHost): boolean {
  return isIP(host.name) !== 0 || host.name === "localhost" || host.name.endsWith(suffix);
}
