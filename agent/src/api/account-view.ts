import type { Credential, Project } from "@cloudsmith/contracts";
import type { AccountView } from "@cloudsmith/contracts/api";
import type { Store } from "@cloudsmith/store";

/** An account as people see it; nothing of its secrets, not even their names. */
export function accountView(credential: Credential, projects: readonly Project[]): AccountView {
  const { id, kind, name, state, account, server, app, scopes, problem, expiresAt, createdAt, createdBy, checkedAt } =
    credential;
  return {
    id,
    kind,
    name,
    state,
    login: account?.login ?? null,
    server: server?.web ?? null,
    app: app === null || server === null ? null : appView(server.web, app, kind),
    scopes,
    readsPrivate: kind !== "oauth-client" || scopes.includes("repo"),
    problem,
    expiresAt,
    renewsItself: credential.renewableUntil !== null,
    createdAt,
    createdBy: createdBy.name,
    checkedAt,
    projects: projects.filter(({ credential: bound }) => bound === id).map((project) => project.name),
  };
}

function appView(web: string, { slug, name }: NonNullable<Credential["app"]>, kind: Credential["kind"]) {
  const own = kind === "github-app" && slug !== null;
  return {
    name,
    settingsUrl: own ? `${web}/settings/apps/${slug}` : `${web}/settings/developers`,
    installUrl: own ? `${web}/apps/${slug}/installations/new` : null,
  };
}

export async function viewOf(store: Store, credential: Credential): Promise<AccountView> {
  return accountView(credential, await projectsOf(store, credential.teamId));
}

export async function accountViews(store: Store, teamId: string): Promise<AccountView[]> {
  const [credentials, projects] = await Promise.all([credentialsOf(store, teamId), projectsOf(store, teamId)]);
  return credentials.map((each) => accountView(each, projects));
}

export async function credentialsOf(store: Store, teamId: string): Promise<Credential[]> {
  const page = await store.list("credentialsOfTeam", { teamId }, { limit: 1000 });
  return page.items.map(({ value }) => value);
}

async function projectsOf(store: Store, teamId: string): Promise<Project[]> {
  const found: Project[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await store.list(
      "projectsOfTeam",
      { teamId },
      { limit: 1000, ...(cursor !== undefined && { cursor }) },
    );
    found.push(...page.items.map(({ value }) => value));
    if (page.cursor === undefined) return found;
    cursor = page.cursor;
  }
}
