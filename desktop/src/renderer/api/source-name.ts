import type { SourceRef } from "@cloudsmith/contracts";

/** Where a source comes from, as short as it can be told: `owner/repo`, a host and path, or the folder; with the app's place in it. */
export function sourceName(source: SourceRef): string {
  const place = placeOf(source);
  return source.dir === "" ? place : `${place}/${source.dir}`;
}

function placeOf(source: SourceRef): string {
  switch (source.type) {
    case "folder":
      return source.path;
    case "github":
      return source.name;
    case "git":
      return source.url
        .replace(/^(?:https?:\/\/(?:www\.)?|ssh:\/\/|git@)/, "")
        .replace(/\.git$/, "")
        .replace(/^github\.com[/:]/, "");
  }
}
