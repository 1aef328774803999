import Fastify from "fastify";
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { tempDir, type TempDir } from "../temp-dir.ts";
import { breakRequest, noFaults, type Faults } from "./faults.ts";
import { routeGit } from "./git-route.ts";
import type { Bases } from "./payloads.ts";
import { routeRest } from "./rest-routes.ts";
import { routeWeb } from "./web-routes.ts";
import { nextId, random, World, type App, type OAuthClient, type Repository, type Token } from "./world.ts";

const run = promisify(execFile);

/**
 * A GitHub that tests can have: REST, OAuth, the manifest flow and real Git repositories, in the shape of a GitHub Enterprise Server on 127.0.0.1. What it does not model answers 501 and
 * fails the test when the double is disposed of.
 */
export class GitHubDouble implements AsyncDisposable {
  readonly world = new World();
  /** Whose browser it is. */
  person = "octocat";
  readonly faults: Faults = noFaults();
  /** Seconds that a token of an app is good for; null: it does not end. */
  tokenSeconds: number | null = 28_800;
  /** What went over the wire, for tests that count. */
  readonly requests: string[] = [];
  readonly fetches: string[] = [];
  notModified = 0;
  refreshes = 0;
  readonly now = (): number => Date.now();
  readonly #server = Fastify({ forceCloseConnections: true, bodyLimit: 64 * 1024 * 1024 });
  readonly #folder: TempDir;
  readonly #codes = new Map<string, App>();
  readonly #unmodelled: string[] = [];
  #port = 0;

  private constructor(folder: TempDir) {
    this.#folder = folder;
    this.world.addUser(this.person);
    const server = this.#server;
    server.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_, body, done) =>
      done(null, body),
    );
    server.addContentTypeParser("*", { parseAs: "buffer" }, (_, body, done) => done(null, body));
    server.addHook("onRequest", async (request, reply) => {
      this.requests.push(`${request.method} ${request.url}`);
      return (await breakRequest(this.faults, reply)) ? reply : undefined;
    });
    server.setNotFoundHandler((request, reply) => {
      this.unmodelled(`${request.method} ${request.url}`);
      void reply.status(501).send({ message: "The GitHub double does not model this" });
    });
    routeRest(server, this);
    routeWeb(server, this);
    routeGit(server, this);
  }

  static async start(): Promise<GitHubDouble> {
    const double = new GitHubDouble(await tempDir());
    await double.#server.listen({ host: "127.0.0.1", port: 0 });
    const address = double.#server.server.address();
    double.#port = typeof address === "object" && address !== null ? address.port : 0;
    return double;
  }

  /** Where its pages and its API are, as an agent is configured. */
  get bases(): Bases {
    const web = `http://127.0.0.1:${this.#port}`;
    return { web, api: `${web}/api/v3` };
  }

  /** Notes what a caller wanted that GitHub may have and the double has not. */
  unmodelled(what: string): void {
    this.#unmodelled.push(what);
  }

  /** A repository with one commit of these files on its default branch. */
  async addRepository(
    fullName: string,
    files: Readonly<Record<string, string>>,
    fields: Parameters<World["addRepository"]>[1] = {},
  ): Promise<Repository> {
    const folder = this.#folder.file(random(6));
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    const git = (...args: string[]) =>
      run("git", ["-C", folder, "-c", "user.name=Mona", "-c", "user.email=mona@localhost", ...args]);
    await git("init", "--quiet", `--initial-branch=${fields.defaultBranch ?? "main"}`);
    await git("add", "--all", "--force");
    await git("commit", "--quiet", "--message=First");
    const sha = (await git("rev-parse", "HEAD")).stdout.trim();
    return this.world.addRepository(fullName, {
      ...fields,
      folder: join(folder, ".git"),
      branches: new Map([[fields.defaultBranch ?? "main", sha]]),
    });
  }

  /** An OAuth client as a person registers it in GitHub's settings. */
  addOAuthClient(callbackUrls: readonly string[] = ["http://127.0.0.1/callback"]): OAuthClient {
    const client: OAuthClient = {
      type: "oauth",
      clientId: `Ov23li${random(7)}`,
      clientSecret: random(20),
      callbackUrls,
    };
    this.world.clients.set(client.clientId, client);
    return client;
  }

  keepApp(app: App): string {
    const code = random(20);
    this.#codes.set(code, app);
    this.world.apps.set(app.slug, app);
    this.world.clients.set(app.client.clientId, app.client);
    return code;
  }

  takeManifestCode(code: string): App | undefined {
    const app = this.#codes.get(code);
    this.#codes.delete(code);
    return app;
  }

  /** Installs an app; on all repositories of the owner, or on some. */
  install(slug: string, owner: string, repositories: readonly number[] | null = null): number {
    const app = this.world.apps.get(slug);
    if (app === undefined) throw new Error(`There is no app ${slug}`);
    const id = nextId();
    this.world.installations.push({
      id,
      app,
      owner: this.world.owner(owner),
      repositories: repositories === null ? null : new Set(repositories),
      suspended: false,
    });
    return id;
  }

  issue(client: OAuthClient, scopes: readonly string[]): Token {
    const user = this.world.owner(this.person);
    if (client.type === "oauth") return this.world.addToken({ user, kind: "oauth", client, scopes });
    const expires = this.tokenSeconds;
    return this.world.addToken({
      user,
      kind: "app-user",
      client,
      expiresAt: expires === null ? null : this.now() + expires * 1000,
      refreshToken: expires === null ? null : `ghr_${random()}`,
    });
  }

  liveToken(value: string): Token | undefined {
    const token = this.world.tokens.get(value);
    return token?.expiresAt != null && token.expiresAt <= this.now() ? undefined : token;
  }

  /** Ends all tokens, as a person can in GitHub's settings. */
  revokeEverything(): void {
    this.world.tokens.clear();
  }

  repair(): void {
    Object.assign(this.faults, noFaults());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.close();
    await this.#folder[Symbol.asyncDispose]();
    if (this.#unmodelled.length > 0)
      throw new Error(`The GitHub double was asked for what it does not model: ${this.#unmodelled.join(", ")}`);
  }
}
