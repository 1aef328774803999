import { CloudSmithError, toProjectName, type SourceRef } from "@cloudsmith/contracts";
import type { Store, Stored } from "@cloudsmith/store";
import { basename } from "node:path";

/** A stable text for a source, so that deploying it again finds its project. */
export function sourceKey(source: SourceRef): string {
  if (source.type === "folder") return `folder ${source.path} ${source.dir}`;
  if (source.type === "git") return `git ${source.url} ${source.dir}`;
  return `github ${source.server} ${source.repository} ${source.dir}`;
}

/** What a project of this source is called when nobody said a name. */
export function nameFor(source: SourceRef): string {
  if (source.dir !== "") return toProjectName(basename(source.dir));
  if (source.type === "github") return toProjectName(basename(source.name));
  return toProjectName(
    basename(
      source.type === "folder"
        ? source.path
        : source.url
            .replace(/[/:]+$/, "")
            .replace(/\.git$/, "")
            .replace(/^.*:/, ""),
    ),
  );
}

/** A project of this name, or the one whose source has the same origin. A name that another source has is refused. */
export async function projectOfSource(
  store: Store,
  wanted: { teamId: string; source: SourceRef; name: string | undefined },
): Promise<Stored<"project"> | undefined> {
  const { teamId, source, name } = wanted;
  if (name !== undefined) {
    const claim = await store.get("claim", { teamId, scope: "project-name", name });
    const found = claim === undefined ? undefined : await store.get("project", { teamId, id: claim.value.owner });
    if (found === undefined || sourceKey(found.value.source) === sourceKey(source)) return found;
    throw new CloudSmithError("name-taken", `There is a project ${name} with another source`, {
      why: `It is deployed from ${sourceKey(found.value.source)}`,
      fix: "Choose another name with --name",
    });
  }
  for (let cursor: string | undefined; ;) {
    const page = await store.list(
      "projectsOfTeam",
      { teamId },
      { limit: 1000, ...(cursor !== undefined && { cursor }) },
    );
    const found = page.items.find((item) => sourceKey(item.value.source) === sourceKey(source));
    if (found !== undefined || page.cursor === undefined) return found;
    cursor = page.cursor;
  }
}

/** The name, or the first with a number that no project has. */
export async function freeName(store: Store, teamId: string, base: string): Promise<string> {
  for (let number = 1; number < 1000; number++) {
    const name = number === 1 ? base : `${base.slice(0, 36).replace(/-+$/, "")}-${number}`;
    if ((await store.get("claim", { teamId, scope: "project-name", name })) === undefined) return name;
  }
  throw new CloudSmithError("name-taken", `Every name like ${base} is taken`, { fix: "Choose a name with --name" });
}
