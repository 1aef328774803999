import type { Deployment } from "@cloudsmith/contracts";
import { deploymentLogs, type DeploymentLog } from "@cloudsmith/contracts/api";
import type { LogStore, PositionedLine } from "@cloudsmith/logs";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Readable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import * as z from "zod";
import { authorize, type RequestContext } from "./base.ts";
import { findDeployment } from "./find.ts";
import { endOf, findRun, logOf, type PartOfLog } from "./logs.ts";

const flag = z.enum(["0", "1"]).catch("0");
const Query = z.object({ timestamps: flag, colors: flag });
type Query = z.infer<typeof Query>;
const OfDeployment = z.object({ deployment: z.string() });
const OfRelease = z.object({ project: z.string(), environment: z.string() });

/** Lines that are read at a time; what a slow reader has not taken is not read on. */
const pageLines = 5000;

const titles: Record<DeploymentLog, string> = {
  prepare: "Prepare",
  build: "Build",
  release: "Release",
  start: "Start",
};

/** Whole logs as files of text: streamed as they are read, however long they are. */
export function routeLogFiles(
  app: FastifyInstance,
  contextOf: (request: FastifyRequest, reply: FastifyReply) => Promise<RequestContext>,
): void {
  app.get("/api/deployments/:deployment/log.txt", async (request, reply) => {
    const context = await contextOf(request, reply);
    const { teamId } = await authorize(context, "logs.read");
    const { store, logs } = context.services;
    const deployment = await findDeployment(store, teamId, OfDeployment.parse(request.params).deployment);
    const query = Query.parse(request.query);
    return sendText(reply, `${deployment.id}.log`, deploymentText(logs, deployment, query));
  });

  app.get("/api/projects/:project/environments/:environment/log.txt", async (request, reply) => {
    const context = await contextOf(request, reply);
    const { teamId } = await authorize(context, "logs.read");
    const query = Query.extend({ release: z.string().optional().catch(undefined) }).parse(request.query);
    const address = OfRelease.parse(request.params);
    const id = await findRun(context.services, teamId, { ...address, release: query.release });
    const name = `${address.project}-${address.environment}.log`.replace(/[^\w.-]/g, "_");
    return sendText(reply, name, id === undefined ? [] : logText(context.services.logs, { id }, query));
  });
}

function sendText(reply: FastifyReply, name: string, text: AsyncIterable<string> | Iterable<string>): FastifyReply {
  return reply
    .type("text/plain; charset=utf-8")
    .header("content-disposition", `attachment; filename="${name}"`)
    .header("cache-control", "no-store")
    .send(Readable.from(text, { objectMode: false }));
}

async function* deploymentText(logs: LogStore, deployment: Deployment, query: Query): AsyncGenerator<string> {
  for (const part of deploymentLogs) {
    const id = logOf(deployment, part);
    if (id === undefined) continue;
    const end = await endOf(logs, deployment, part, id);
    let isFirst = true;
    for await (const text of logText(logs, { id, end }, query)) {
      if (isFirst) yield `==> ${titles[part]}\n`;
      isFirst = false;
      yield text;
    }
  }
}

async function* logText(
  logs: LogStore,
  { id, end = Number.MAX_SAFE_INTEGER }: PartOfLog,
  query: Query,
): AsyncGenerator<string> {
  for (let after = -1; ;) {
    const { lines } = await logs.read(id, { after, before: end, limit: pageLines });
    const last = lines.at(-1);
    if (last === undefined) return;
    yield lines.map((line) => textOf(line, query)).join("");
    after = last.position;
  }
}

function textOf({ at, text }: PositionedLine, { timestamps, colors }: Query): string {
  return `${timestamps === "1" ? `${at} ` : ""}${colors === "1" ? text : stripVTControlCharacters(text)}\n`;
}
