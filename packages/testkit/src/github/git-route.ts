import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { spawn } from "node:child_process";
import type { GitHubDouble } from "./github-double.ts";

/** Git's smart HTTP by Git's own backend; private repositories ask for a token as the password. */
export function routeGit(app: FastifyInstance, double: GitHubDouble): void {
  for (const method of ["GET", "POST"] as const)
    app.route({
      method,
      url: "/:owner/:name.git/*",
      handler: (request, reply) => serve(double, request, reply),
    });
}

async function serve(double: GitHubDouble, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { owner = "", name = "", "*": path = "" } = request.params as Record<string, string>; // Fastify parses them so
  const found = double.world.named(owner, name);
  const [, password = ""] = Buffer.from((request.headers.authorization ?? "").replace(/^basic /i, ""), "base64")
    .toString()
    .split(":");
  const token = double.liveToken(password);
  if (found?.folder == null || (found.private && token === undefined))
    return found?.private === false ? reply.status(404).send("Repository not found.") : unauthorized(reply);
  if (
    found.private &&
    token !== undefined &&
    (!token.contents || !double.world.visible(token).repositories.includes(found))
  )
    return reply.status(404).send("Repository not found.");
  double.fetches.push(`${owner}/${name}`);
  return backend(request, reply, found.folder, path);
}

function unauthorized(reply: FastifyReply): FastifyReply {
  return reply.status(401).header("www-authenticate", 'Basic realm="GitHub"').send("Repository not found.");
}

/** https://git-scm.com/docs/git-http-backend: a CGI program. */
async function backend(
  request: FastifyRequest,
  reply: FastifyReply,
  folder: string,
  path: string,
): Promise<FastifyReply> {
  const url = new URL(request.url, "http://localhost");
  const git = spawn("git", ["http-backend"], {
    stdio: ["pipe", "pipe", "ignore"],
    env: {
      PATH: process.env["PATH"],
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: `/${path}`,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers["content-type"],
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"],
      GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
    },
  });
  git.stdin.on("error", () => undefined);
  git.stdin.end(request.body instanceof Buffer ? request.body : undefined);
  const chunks: Buffer[] = [];
  for await (const chunk of git.stdout) chunks.push(Buffer.from(chunk));
  const all = Buffer.concat(chunks);
  const end = all.indexOf("\r\n\r\n");
  for (const line of all.subarray(0, end).toString("latin1").split("\r\n")) {
    const [name = "", value = ""] = line.split(": ", 2);
    if (name === "Status") void reply.status(Number.parseInt(value, 10));
    else void reply.header(name, value);
  }
  return reply.send(all.subarray(end + 4));
}
