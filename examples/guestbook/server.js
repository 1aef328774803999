import websocket from "@fastify/websocket";
import fastify from "fastify";
import { openEntries } from "./entries.js";
import { renderEntry, renderPage } from "./page.js";

const entries = await openEntries(process.env.DATA_DIR ?? "data");
const app = fastify({ bodyLimit: 16_384, forceCloseConnections: true });
await app.register(websocket);

app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, body, done) =>
  done(null, Object.fromEntries(new URLSearchParams(body))),
);

app.get("/", async (_request, reply) =>
  reply
    .type("text/html; charset=utf-8")
    .send(renderPage({ greeting: process.env.GREETING ?? "Guestbook", entries: entries.newestFirst().slice(0, 200) })),
);

app.get("/healthz", async () => ({ status: "ok" }));

app.get("/entries", async () => entries.newestFirst());

const entryBody = {
  type: "object",
  required: ["name", "text"],
  properties: {
    name: { type: "string", minLength: 1, maxLength: 40 },
    text: { type: "string", minLength: 1, maxLength: 500 },
  },
};
app.post("/entries", { schema: { body: entryBody } }, async (request, reply) => {
  const entry = await entries.add(request.body.name, request.body.text);
  for (const client of app.websocketServer.clients) client.send(renderEntry(entry));
  console.log(`signed by ${entry.name}`);
  return reply.redirect("/", 303);
});

app.get("/live", { websocket: true }, () => {});

for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => app.close());

const address = await app.listen({ port: Number(process.env.PORT ?? 3000), host: process.env.HOST ?? "127.0.0.1" });
console.log(`guestbook listens on ${address}`);
