/**
 * The segments of a request's path, decoded; null when it names something a site never serves: a path that leads upwards, dot files
 * (`.well-known` excepted), separators or NUL smuggled in by percent-encoding, or no valid encoding at all.
 */
export function pathSegments(pathname: string): string[] | null {
  const segments: string[] = [];
  for (const raw of pathname.split("/")) {
    if (raw === "") continue;
    const segment = decode(raw);
    if (segment === null || /[/\\\0]/.test(segment)) return null;
    if (segment.startsWith(".") && segment !== ".well-known") return null;
    segments.push(segment);
  }
  return segments;
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
