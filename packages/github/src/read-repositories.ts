import type { Credential } from "@cloudsmith/contracts";
import type { Octokit } from "@octokit/core";
import * as z from "zod";
import { serverOf } from "./access.ts";
import { GitHubError } from "./github-error.ts";
import { parseAnswer } from "./octokit.ts";
import { readPages, type KnownPage, type PageMemory } from "./read-pages.ts";
import { listed, type ListedRepository } from "./repository-view.ts";
import { InstallationRepositories, Installations, Organization, Repository } from "./schemas.ts";

export interface Reading {
  readonly octokit: Octokit;
  readonly credential: Credential;
  readonly memory: PageMemory<ListedRepository>;
  readonly onItems: (items: readonly ListedRepository[]) => void;
  /** Adds to how many there will be. */
  readonly onTotal: (count: number) => void;
  /** Something is left out; the rest goes on. */
  readonly onProblem: (error: GitHubError, organization: string | null) => void;
}

/** Reads every repository that an account can reach: a GitHub App by its installations, the others by the person's own list. */
export async function readRepositories(reading: Reading): Promise<void> {
  const { credential } = reading;
  const byInstallations = credential.kind === "github-app" || credential.app?.clientId.startsWith("Iv") === true;
  await (byInstallations ? readInstallations(reading) : readPersons(reading));
}

async function readInstallations(reading: Reading): Promise<void> {
  const { octokit, credential } = reading;
  const server = serverOf(credential);
  const { data } = await octokit.request("GET /user/installations", { per_page: 100 });
  const { installations } = parseAnswer(Installations, data, server);
  for (const { id, account, suspended_at } of installations) {
    const organization = account?.login ?? null;
    if (suspended_at != null) {
      reading.onProblem(suspended(server.web, id, organization), organization);
      continue;
    }
    await readList(reading, `GET /user/installations/${id}/repositories`, {}, (answer) => {
      const { repositories, total_count } = parseAnswer(InstallationRepositories, answer, server);
      return { items: repositories.map((each) => listed(credential, each)), total: total_count };
    });
  }
}

async function readPersons(reading: Reading): Promise<void> {
  const { credential } = reading;
  const server = serverOf(credential);
  const owners = new Set<string>();
  const parameters = { sort: "pushed", affiliation: "owner,collaborator,organization_member" };
  await readList(reading, "GET /user/repos", parameters, (answer) => {
    const items = parseAnswer(z.array(Repository), answer, server).map((each) => listed(credential, each));
    for (const { owner } of items) owners.add(owner);
    return { items, total: null };
  });
  if (credential.kind === "oauth-client") await findRestricted(reading, owners);
}

async function readList(
  reading: Reading,
  route: string,
  parameters: Record<string, string>,
  read: (answer: unknown) => { items: readonly ListedRepository[]; total: number | null },
): Promise<void> {
  let counted = false;
  let partial = false;
  await readPages({
    octokit: reading.octokit,
    server: serverOf(reading.credential),
    route,
    parameters,
    read,
    memory: reading.memory,
    onPage: (page) => {
      if (!counted) reading.onTotal(totalOf(page));
      counted = true;
      if (page.partial && !partial) reading.onProblem(partlyHidden(serverOf(reading.credential).web), null);
      partial ||= page.partial;
      reading.onItems(page.items);
    },
  });
}

function totalOf({ total, last, items }: KnownPage<ListedRepository>): number {
  return total ?? (last === 1 ? items.length : last * 100);
}

/** Organizations that restrict apps are silently left out of the list: those without a repository in it are asked for one. */
async function findRestricted({ octokit, credential, onProblem }: Reading, owners: ReadonlySet<string>): Promise<void> {
  const { data } = await octokit.request("GET /user/orgs", { per_page: 100 });
  const organizations = parseAnswer(z.array(Organization), data, serverOf(credential));
  const unseen = organizations.filter(({ login }) => !owners.has(login)).slice(0, 30);
  for (const { login } of unseen) {
    try {
      await octokit.request("GET /orgs/{org}/repos", { org: login, per_page: 1 });
    } catch (error) {
      if (!(error instanceof GitHubError) || error.code !== "github-restricted") throw error;
      onProblem(error, login);
    }
  }
}

function partlyHidden(web: string): GitHubError {
  return new GitHubError(
    "github-restricted",
    "Some organizations' repositories are hidden",
    {
      why: "They ask for a single sign-on (SAML) that has not been made with this sign-in",
      fix: `Authorize it for them at GitHub: ${web}/settings/applications, then read the list again`,
    },
    { url: `${web}/settings/applications` },
  );
}

function suspended(web: string, id: number, owner: string | null): GitHubError {
  const url = `${web}/settings/installations/${id}`;
  return new GitHubError(
    "github-restricted",
    `The app is suspended${owner === null ? "" : ` by ${owner}`}`,
    { why: "An owner suspended its installation", fix: `Ask them to unsuspend it: ${url}` },
    { url, organization: owner },
  );
}
