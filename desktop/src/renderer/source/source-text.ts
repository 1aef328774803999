import type { SourceRef } from "@cloudsmith/contracts";

/** A source as people call it: `owner/repo`, or the folder's name. */
export function sourceName(source: SourceRef): string {
  if (source.type === "github") return source.name === "" ? String(source.repository) : source.name;
  if (source.type === "folder") return source.path.split(/[\\/]/).findLast((part) => part !== "") ?? source.path;
  const path = source.url.replace(/\/+$/, "").replace(/\.git$/, "");
  const github = /^(?:https:\/\/|ssh:\/\/git@|git@)github\.com[/:](.+)$/.exec(path)?.[1];
  return github ?? path.replace(/^[a-z][a-z0-9+.-]*:\/\/(?:[^@/]*@)?/i, "");
}

/** Where it is in full: a path or an address. */
export function sourcePlace(source: SourceRef): string {
  if (source.type === "github") return `${source.server}/${source.name}`;
  return source.type === "folder" ? source.path : source.url;
}

/** Branch and folder that are meant, where they are said. */
export function sourceDetail(source: SourceRef): string {
  const ref = source.type === "folder" ? null : source.ref;
  return [ref, source.dir === "" ? null : source.dir].filter((part) => part !== null).join(" · ");
}

/** Whether a typed text rather names a source than that it searches for one. */
export function looksLikeSource(text: string): boolean {
  const trimmed = text.trim();
  return (
    /^[a-z][a-z0-9+.-]*:\/\/\S/i.test(trimmed) ||
    /^[\w.-]+@[\w.-]+:\S/.test(trimmed) ||
    /^(?:~|\.{1,2})?\/\S*/.test(trimmed) ||
    /^[A-Za-z]:[\\/]/.test(trimmed) ||
    /^[A-Za-z0-9][\w-]*\/[\w.-]+(?:#\S+)?$/.test(trimmed)
  );
}
