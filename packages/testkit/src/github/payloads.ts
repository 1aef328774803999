import type { components, operations } from "@octokit/openapi-types";
import type { App, Installation, Owner, Repository } from "./world.ts";

/**
 * Answers in the shape of GitHub's published OpenAPI description: the compiler checks them against `@octokit/openapi-types`, which is made of it. Values are like
 * those of its examples.
 */
type Schemas = components["schemas"];
type ConvertedApp = operations["apps/create-from-manifest"]["responses"][201]["content"]["application/json"];

const nodeId = (kind: string, id: number): string => Buffer.from(`0:${kind}${id}`).toString("base64");
const at = "2026-01-01T00:00:00Z";

/** `https://api.github.com` and `https://github.com`, or those of an Enterprise Server. */
export interface Bases {
  readonly api: string;
  readonly web: string;
}

export function simpleUser({ api, web }: Bases, { id, login, type }: Owner): Schemas["simple-user"] {
  const url = `${api}/users/${login}`;
  return {
    login,
    id,
    node_id: nodeId("4:User", id),
    avatar_url: `${web}/avatars/u/${id}?`,
    gravatar_id: "",
    url,
    html_url: `${web}/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    site_admin: false,
  };
}

export function publicUser(bases: Bases, user: Owner): Schemas["public-user"] {
  return {
    ...simpleUser(bases, user),
    name: user.login,
    company: null,
    blog: "",
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: 2,
    public_gists: 1,
    followers: 20,
    following: 0,
    created_at: at,
    updated_at: at,
  };
}

export function organizationSimple({ api, web }: Bases, { id, login }: Owner): Schemas["organization-simple"] {
  const url = `${api}/orgs/${login}`;
  return {
    login,
    id,
    node_id: nodeId("12:Organization", id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${web}/avatars/o/${id}?`,
    description: null,
  };
}

export function fullName({ owner, name }: Repository): string {
  return `${owner.login}/${name}`;
}

/** Addresses of a repository's parts: the field, and what stands after the repository's own. */
const parts = {
  archive_url: "/{archive_format}{/ref}",
  assignees_url: "/assignees{/user}",
  blobs_url: "/git/blobs{/sha}",
  branches_url: "/branches{/branch}",
  collaborators_url: "/collaborators{/collaborator}",
  comments_url: "/comments{/number}",
  commits_url: "/commits{/sha}",
  compare_url: "/compare/{base}...{head}",
  contents_url: "/contents/{+path}",
  contributors_url: "/contributors",
  deployments_url: "/deployments",
  downloads_url: "/downloads",
  events_url: "/events",
  forks_url: "/forks",
  git_commits_url: "/git/commits{/sha}",
  git_refs_url: "/git/refs{/sha}",
  git_tags_url: "/git/tags{/sha}",
  hooks_url: "/hooks",
  issue_comment_url: "/issues/comments{/number}",
  issue_events_url: "/issues/events{/number}",
  issues_url: "/issues{/number}",
  keys_url: "/keys{/key_id}",
  labels_url: "/labels{/name}",
  languages_url: "/languages",
  merges_url: "/merges",
  milestones_url: "/milestones{/number}",
  notifications_url: "/notifications{?since,all,participating}",
  pulls_url: "/pulls{/number}",
  releases_url: "/releases{/id}",
  stargazers_url: "/stargazers",
  statuses_url: "/statuses/{sha}",
  subscribers_url: "/subscribers",
  subscription_url: "/subscription",
  tags_url: "/tags",
  teams_url: "/teams",
  trees_url: "/git/trees{/sha}",
} as const;

export function repository(bases: Bases, value: Repository): Schemas["repository"] {
  const name = fullName(value);
  const url = `${bases.api}/repos/${name}`;
  // Object.fromEntries forgets the keys; they are exactly the table's.
  const urls = Object.fromEntries(Object.entries(parts).map(([field, end]) => [field, `${url}${end}`])) as Record<
    keyof typeof parts,
    string
  >;
  const { host } = new URL(bases.web);
  return {
    ...urls,
    id: value.id,
    node_id: nodeId("10:Repository", value.id),
    name: value.name,
    full_name: name,
    license: null,
    forks: 0,
    owner: simpleUser(bases, value.owner),
    private: value.private,
    html_url: `${bases.web}/${name}`,
    description: value.description,
    fork: value.fork,
    url,
    git_url: `git://${host}/${name}.git`,
    ssh_url: `git@${host}:${name}.git`,
    // Nobody may fetch from what an answer says: a test would notice.
    clone_url: `https://never-trust-this.invalid/${name}.git`,
    mirror_url: null,
    svn_url: `${bases.web}/${name}`,
    homepage: null,
    language: value.language,
    forks_count: 0,
    stargazers_count: 0,
    watchers_count: 0,
    size: 108,
    default_branch: value.defaultBranch,
    open_issues_count: 0,
    has_issues: true,
    has_projects: true,
    has_wiki: true,
    has_pages: false,
    has_downloads: true,
    archived: value.archived,
    disabled: false,
    visibility: value.private ? "private" : "public",
    pushed_at: value.pushedAt,
    created_at: at,
    updated_at: at,
    open_issues: 0,
    watchers: 0,
    permissions: { admin: false, push: false, pull: true },
  };
}

export function branch({ api }: Bases, of: Repository, name: string, sha: string): Schemas["short-branch"] {
  return { name, commit: { sha, url: `${api}/repos/${fullName(of)}/commits/${sha}` }, protected: false };
}

export function gitRef({ api }: Bases, of: Repository, name: string, sha: string): Schemas["git-ref"] {
  const url = `${api}/repos/${fullName(of)}/git`;
  return {
    ref: `refs/heads/${name}`,
    node_id: nodeId("3:Ref", of.id),
    url: `${url}/refs/heads/${name}`,
    object: { type: "commit", sha, url: `${url}/commits/${sha}` },
  };
}

export function installation(bases: Bases, value: Installation): Schemas["installation"] {
  const { app, owner, id } = value;
  const url = `${bases.api}/app/installations/${id}`;
  return {
    id,
    account: simpleUser(bases, owner),
    repository_selection: value.repositories === null ? "all" : "selected",
    access_tokens_url: `${url}/access_tokens`,
    repositories_url: `${bases.api}/installation/repositories`,
    html_url: `${bases.web}/settings/installations/${id}`,
    app_id: app.id,
    target_id: owner.id,
    target_type: owner.type,
    permissions: { contents: "read", metadata: "read" },
    events: [],
    created_at: at,
    updated_at: at,
    single_file_name: null,
    app_slug: app.slug,
    suspended_by: null,
    suspended_at: value.suspended ? at : null,
  };
}

export function convertedApp(bases: Bases, app: App): ConvertedApp {
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId("3:App", app.id),
    owner: simpleUser(bases, app.owner),
    name: app.name,
    description: "",
    external_url: "http://cloudsmith.localhost",
    html_url: `${bases.web}/apps/${app.slug}`,
    created_at: at,
    updated_at: at,
    permissions: { ...app.permissions },
    events: [],
    client_id: app.client.clientId,
    client_secret: app.client.clientSecret,
    webhook_secret: app.webhookSecret,
    pem: app.pem,
  };
}

export function basicError(message: string, status: number): Schemas["basic-error"] {
  return { message, documentation_url: "https://docs.github.com/rest", status: String(status) };
}
