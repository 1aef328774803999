import type { Deployment } from "@cloudsmith/contracts";
import { waitFor, type GitHubDouble } from "@cloudsmith/testkit";
import type { Installation } from "../../../journeys/support/installation.ts";
import { settled } from "../support/apps.ts";
import { billing, handbook, marketing, resizer, storefront, worker } from "./demo-apps.ts";
import { addTraffic } from "./demo-metrics.ts";
import { DemoRepository, type Files } from "./demo-repository.ts";

/** A team in the middle of its work: apps that run, fail, crash and are built, with a history, traffic and people. */
export interface DemoWorld {
  readonly github: GitHubDouble;
  readonly installation: Installation;
  readonly deployments: Readonly<Record<"live" | "previous" | "failed" | "fixable" | "running" | "canceled", string>>;
}

const organization = "northwind";
const languages = ["TypeScript", "TypeScript", "Go", "Python", "Rust", null] as const;
const names = [
  "design-system",
  "mobile-app",
  "infra",
  "data-pipeline",
  "newsletter",
  "status-page",
  "auth-gateway",
  "invoice-pdf",
  "recommendations",
  "warehouse-sync",
  "support-bot",
  "translations",
] as const;

export async function makeDemoWorld(github: GitHubDouble, installation: Installation): Promise<DemoWorld> {
  github.world.addOrganization(organization, [github.person]);
  addOthers(github);
  const { value: token } = github.world.addToken({ user: github.world.owner(github.person), kind: "fine-grained" });
  const { id: account } = await installation.client.accounts.connectToken({ token });
  const team: Team = { github, installation, account };

  await (await begin(team, "handbook")).deployed("Say where the coffee is", "Priya Raman", handbook);
  await (await begin(team, "billing-api")).deployed("Invoices carry the tax number", "Tom Okafor", billing);
  const shop = await addStorefront(team);
  const fixable = await (await begin(team, "marketing-site")).deployed("Prices by the year", "Jonas Weber", marketing);
  await (await begin(team, "search-indexer")).deployed("Keep the queue in Redis", "Ana Lindqvist", worker);
  await installation.client.environments.stop({ project: "billing-api", environment: "production" });
  const images = await addResizer(team);
  await addUse(installation);
  return { github, installation, deployments: { ...shop, ...images, fixable } };
}

interface Team {
  readonly github: GitHubDouble;
  readonly installation: Installation;
  readonly account: string;
}

/** A project of a repository of its own, and how its next commit is deployed. */
async function begin({ github, installation, account }: Team, name: string) {
  const { client } = installation;
  const repository = new DemoRepository(
    github,
    installation.root.file("repositories", name),
    `${organization}/${name}`,
  );
  const create = async (message: string, author: string, files: Files): Promise<Deployment> => {
    await repository.commit(message, author, files);
    await client.projects.ensure({ name, source: repository.source, account });
    return client.deployments.create({ project: name });
  };
  const deployed = async (message: string, author: string, files: Files): Promise<string> =>
    (await settled(installation, await create(message, author, files))).id;
  return { create, deployed };
}

async function addStorefront(team: Team) {
  const { client } = team.installation;
  const shop = await begin(team, "storefront");
  const previous = await shop.deployed("Product pages show the stock", "Priya Raman", storefront.first);
  await client.environments.create({ project: "storefront", name: "staging" });
  for (const environment of ["production", "staging"]) await configure(team, environment);
  await shop.deployed("Search finds what is out of stock", "Ana Lindqvist", storefront.second);
  const failed = await shop.deployed("Total of the cart is rounded once", "Tom Okafor", storefront.broken);
  const live = await shop.deployed("The total stays a number", "Tom Okafor", storefront.mended);
  await settled(team.installation, await client.deployments.create({ project: "storefront", environment: "staging" }));
  await client.environments.setVariables({
    project: "storefront",
    environment: "production",
    set: { LOG_LEVEL: { value: "debug", scope: "run" } },
  });
  return { previous, failed, live };
}

async function configure({ installation }: Team, environment: string): Promise<void> {
  await installation.client.environments.configure({
    project: "storefront",
    environment,
    set: {
      API_URL: { value: "https://api.northwind.example", scope: "both" },
      FEATURE_SEARCH: { value: "on", scope: "run" },
      LOG_LEVEL: { value: "info", scope: "run" },
    },
    secrets: {
      DATABASE_URL: { value: "postgres://shop:pw@db.northwind.example/shop", scope: "run", revokeOld: false },
      STRIPE_SECRET_KEY: { value: "not-a-real-one", scope: "run", revokeOld: false },
    },
  });
}

/** One that was canceled, and one that is built for as long as pictures are taken. */
async function addResizer(team: Team) {
  const { client } = team.installation;
  const images = await begin(team, "image-resizer");
  const { id: canceled } = await images.create("Write AVIF too", "Priya Raman", resizer);
  await waitFor("a build", async () => (await client.deployments.get({ deployment: canceled })).state === "building", {
    timeoutMs: 30_000,
  });
  await client.deployments.cancel({ deployment: canceled });
  await settled(team.installation, { id: canceled });
  const { id: running } = await client.deployments.create({ project: "image-resizer" });
  return { canceled, running };
}

/** Repositories that nobody has deployed. */
function addOthers(github: GitHubDouble): void {
  for (const [index, name] of names.entries())
    github.world.addRepository(`${index % 3 === 2 ? github.person : organization}/${name}`, {
      language: languages[index % languages.length] ?? null,
      private: index % 4 !== 1,
      archived: index === 9,
      pushedAt: new Date(Date.now() - (index + 1) ** 2 * 7 * 3_600_000).toISOString(),
    });
}

/** Visits of the shop and an hour of traffic before them; one visit of the handbook. */
async function addUse({ client, paths }: Installation): Promise<void> {
  const { plainUrl: book } = await client.environments.get({ project: "handbook", environment: "production" });
  if (book !== null) await (await fetch(book)).text();
  const { environment, plainUrl } = await client.environments.get({ project: "storefront", environment: "production" });
  if (environment.live === null || plainUrl === null) throw new Error("The shop is not live");
  addTraffic(paths.keeper, environment.live.releaseId, environment.id);
  for (const path of ["/", "/products/mug", "/cart", "/search?q=mug", "/api/rates", "/checkout", "/products/lamp"])
    for (let count = 0; count < 4; count++) await (await fetch(new URL(path, plainUrl))).text();
}
