import { CloudSmithError, newId, type Deployment, type GitHubServer, type Role } from "@cloudsmith/contracts";
import { freePort, tempDir, waitFor, type TempDir } from "@cloudsmith/testkit";
import { mkdirSync } from "node:fs";
import { request, type IncomingHttpHeaders } from "node:http";
import { fileURLToPath } from "node:url";
import { createAgentClient, type AgentClient } from "../client.ts";
import { lockInstall } from "../compose/install-lock.ts";
import { pathsOf, type Paths } from "../paths.ts";
import { startAgent, type RunningAgent } from "../start-agent.ts";

const guardedKeeper = fileURLToPath(
  new URL("../../../services/docksage/src/targets/local/keeper/testing/guarded-keeper.ts", import.meta.url),
);

/** The discard port: nobody answers there. */
const nowhere: GitHubServer = { web: "http://127.0.0.1:9", api: "http://127.0.0.1:9/api/v3" };

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Parsed, or undefined where it is no JSON. */
  readonly body: unknown;
}

/** A real agent in this process, with its own folder, keeper and ports. Its keeper ends with this process, whatever happens to it. */
export class TestAgent implements AsyncDisposable {
  readonly paths: Paths;
  /** What the agent reported as its own bugs. */
  readonly errors: { readonly error: unknown; readonly correlationId: string | undefined }[] = [];
  readonly #folder: TempDir;
  readonly #proxyPort: number;
  #agent: RunningAgent | undefined;
  #lock: { release(): void } | undefined;
  #port = 0;
  readonly #github: GitHubServer;

  private constructor(folder: TempDir, proxyPort: number, github: GitHubServer) {
    this.#github = github;
    this.#folder = folder;
    this.#proxyPort = proxyPort;
    this.paths = pathsOf(folder.file("home"));
  }

  /** `github` is the double that its accounts are at. */
  static async start({ github = nowhere }: { github?: GitHubServer } = {}): Promise<TestAgent> {
    process.env["CLOUDSMITH_TEST_PID"] = String(process.pid);
    const agent = new TestAgent(await tempDir(), await freePort(), github);
    await agent.start();
    return agent;
  }

  async start(): Promise<void> {
    mkdirSync(this.paths.home, { recursive: true, mode: 0o700 });
    mkdirSync(this.homeFolder, { recursive: true });
    this.#lock = lockInstall(this.paths.home);
    this.#agent = await startAgent({
      paths: this.paths,
      port: this.#port,
      proxyPort: this.#proxyPort,
      builds: 1,
      homeFolder: this.homeFolder,
      github: this.#github,
      gitHubLimits: { timeoutMs: 5000, patienceMs: 1000, retries: 1 },
      keeper: [process.execPath, "--disable-warning=ExperimentalWarning", guardedKeeper],
      onError: (error, correlationId) => void this.errors.push({ error, correlationId }),
      onShutdown: () => undefined,
    });
    this.#port = Number(new URL(this.#agent.connection.url).port);
  }

  /** Stops the agent as an upgrade would; its keeper and apps go on. */
  async stop(apps: "keep" | "stop" = "keep"): Promise<void> {
    await this.#agent?.stop(apps);
    this.#lock?.release();
    this.#agent = undefined;
  }

  /** The folder that a person may choose others from. */
  get homeFolder(): string {
    return this.file("person");
  }

  get running(): RunningAgent {
    if (this.#agent === undefined) throw new CloudSmithError("agent-unreachable", "This agent was stopped");
    return this.#agent;
  }

  get services() {
    return this.running.services;
  }

  get port(): number {
    return this.#port;
  }

  get token(): string {
    return this.running.connection.token;
  }

  client(token = this.token, url = this.running.connection.url): AgentClient {
    return createAgentClient({ url, token });
  }

  /** A folder with these files, inside the test's own. */
  file(...names: string[]): string {
    return this.#folder.file(...names);
  }

  /** Deploys a project's production and waits until it is live. */
  async live(project: string): Promise<Deployment> {
    const client = this.client();
    const { id } = await client.deployments.create({ project });
    return waitFor("it is live", async () => {
      const found = await client.deployments.get({ deployment: id });
      const { plainUrl } = await client.environments.get({ project, environment: "production" });
      return found.state === "live" && plainUrl !== null ? found : undefined;
    });
  }

  /** A new person in a team, and their bearer token. */
  async member(teamId: string, role: Role): Promise<string> {
    const userId = newId("user");
    const createdAt = new Date().toISOString();
    await this.services.store.commit({
      puts: [{ entity: "member", value: { teamId, userId, role, createdAt }, if: "absent" }],
    });
    return (await this.services.credentials.issue({ kind: "token", teamId, userId, name: role })).value;
  }

  /** A plain request; unlike `fetch` it sends any header as it is told. */
  ask(
    path: string,
    options: { method?: string; headers?: Record<string, string>; body?: string } = {},
  ): Promise<Answer> {
    const { method = "GET", headers = {}, body } = options;
    const answer = Promise.withResolvers<Answer>();
    const sent = request({ host: "127.0.0.1", port: this.#port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", answer.reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        answer.resolve({ status: response.statusCode ?? 0, headers: response.headers, text, body: parsed(text) });
      });
    });
    sent.on("error", answer.reject);
    sent.end(body);
    return answer.promise;
  }

  /** Calls a procedure by its path over RPC, as a client of any kind could. */
  rpc(path: string, input: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.ask(`/rpc/${path.replace(".", "/")}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${this.token}`, ...headers },
      body: JSON.stringify({ json: input }),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#agent === undefined) await this.start();
    await this.stop("stop");
    await this.#folder[Symbol.asyncDispose]();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
