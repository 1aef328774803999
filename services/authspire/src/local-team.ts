import type { Role } from "@cloudsmith/contracts";
import { CloudSmithError } from "@cloudsmith/contracts";
import type { SystemStore } from "@cloudsmith/store";

/** The one team and person of an embedded installation: whoever can read its data folder. */
export const localTeam = { teamId: "team_local", userId: "user_local" } as const;

/** Makes the local team and its owner on the first start. */
export async function ensureLocalTeam(store: SystemStore, name: string, now: Date): Promise<void> {
  if ((await store.get("team", { id: localTeam.teamId })) !== undefined) return;
  const createdAt = now.toISOString();
  try {
    await store.commit({
      puts: [
        { entity: "team", value: { id: localTeam.teamId, name, createdAt }, if: "absent" },
        { entity: "member", value: { ...localTeam, role: "owner", createdAt }, if: "absent" },
      ],
    });
  } catch (error) {
    if (!(error instanceof CloudSmithError) || error.code !== "conflict") throw error;
  }
}

/** A person's role in a team; undefined for a stranger. */
export async function roleOf(store: SystemStore, ids: { teamId: string; userId: string }): Promise<Role | undefined> {
  return (await store.get("member", ids))?.value.role;
}
