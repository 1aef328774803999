import type { Role } from "./entities.ts";

const order: Record<Role, number> = { viewer: 0, developer: 1, admin: 2, owner: 3 };

/** Every permission and the least role that has it. `public` needs no sign-in; only procedures that tell nothing about a team may ask for it. */
export const permissions = {
  public: null,
  "projects.read": "viewer",
  "projects.write": "developer",
  "projects.destroy": "admin",
  "deployments.read": "viewer",
  "deployments.write": "developer",
  "variables.read": "developer",
  "variables.write": "developer",
  "logs.read": "viewer",
  "activity.read": "viewer",
  "events.read": "admin",
  "events.write": "admin",
  "sessions.write": "viewer",
  "accounts.read": "developer",
  "accounts.write": "admin",
  "system.read": "viewer",
  "system.write": "owner",
} as const satisfies Record<string, Role | null>;

export type Permission = keyof typeof permissions;

/** Whether a role includes a permission. */
export function roleAllows(role: Role, permission: Permission): boolean {
  const least = permissions[permission];
  return least === null || order[role] >= order[least];
}
