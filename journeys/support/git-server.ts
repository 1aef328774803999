import { execFile, spawn } from "node:child_process";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Serves a folder's one commit over HTTP by Git's own backend, and lets callers wait while it is held. */
export class GitServer implements AsyncDisposable {
  readonly url: string;
  readonly #server: ReturnType<typeof createServer>;
  #gate = Promise.withResolvers<void>();
  #arrived = Promise.withResolvers<void>();
  #arrivals = 0;
  #held = false;

  private constructor(folder: string, server: ReturnType<typeof createServer>, port: number) {
    this.#server = server;
    this.url = `http://127.0.0.1:${port}/.git`;
    server.on("request", (request, response) => void this.#serve(folder, request, response));
  }

  /** Commits all that is in the folder and serves it. */
  static async start(folder: string): Promise<GitServer> {
    const git = (...args: string[]) =>
      run("git", ["-C", folder, "-c", "user.name=Test", "-c", "user.email=test@localhost", ...args]);
    await git("init", "--quiet", "--initial-branch=main");
    await git("add", "--all");
    await git("commit", "--quiet", "--message=First");
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    return new GitServer(folder, server, typeof address === "object" && address !== null ? address.port : 0);
  }

  hold(): void {
    this.#held = true;
    this.#gate = Promise.withResolvers();
  }

  release(): void {
    this.#held = false;
    this.#gate.resolve();
  }

  get arrivals(): number {
    return this.#arrivals;
  }

  /** Resolves when a further caller has come. */
  async nextArrival(): Promise<void> {
    this.#arrived = Promise.withResolvers();
    await this.#arrived.promise;
  }

  async #serve(folder: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#arrivals += 1;
    this.#arrived.resolve();
    if (this.#held) await this.#gate.promise;
    const url = new URL(request.url ?? "/", "http://localhost");
    const backend = spawn("git", ["http-backend"], {
      stdio: ["pipe", "pipe", "ignore"],
      env: {
        PATH: process.env["PATH"],
        GIT_PROJECT_ROOT: folder,
        GIT_HTTP_EXPORT_ALL: "1",
        PATH_INFO: url.pathname,
        QUERY_STRING: url.search.slice(1),
        REQUEST_METHOD: request.method,
        CONTENT_TYPE: request.headers["content-type"],
        HTTP_CONTENT_ENCODING: request.headers["content-encoding"],
        GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
      },
    });
    request.pipe(backend.stdin);
    backend.stdin.on("error", () => undefined);
    const chunks: Buffer[] = [];
    for await (const chunk of backend.stdout) chunks.push(Buffer.from(chunk));
    const all = Buffer.concat(chunks);
    const end = all.indexOf("\r\n\r\n");
    for (const line of all.subarray(0, end).toString("latin1").split("\r\n")) {
      const [name = "", value = ""] = line.split(": ", 2);
      if (name === "Status") response.statusCode = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.end(all.subarray(end + 4));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.release();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
