import express from "express";
import { read, write } from "./database.js";
import { migrations } from "./migrations.js";

const app = express();
app.use(express.json({ limit: "16kb" }));

app.get("/", (_request, response) => response.json({ name: "express-api", try: ["/health", "/notes"] }));

app.get("/health", async (_request, response) => {
  const { applied } = await read();
  const missing = migrations.filter(({ id }) => !applied.includes(id)).map(({ id }) => id);
  response.status(missing.length === 0 ? 200 : 503).json({ applied, missing });
});

app.get("/notes", async (_request, response) => response.json((await read()).notes));

app.post("/notes", async (request, response) => {
  if (typeof request.body?.text !== "string") return response.status(400).json({ error: "text is missing" });
  const data = await read();
  const note = { id: data.notes.length + 1, text: request.body.text };
  await write({ ...data, notes: [...data.notes, note] });
  return response.status(201).json(note);
});

const server = app.listen(Number(process.env.PORT ?? 3000), process.env.HOST ?? "127.0.0.1", (error) => {
  if (error) throw error;
  console.log(`express-api listens on port ${server.address().port}`);
});
process.once("SIGTERM", () => server.close());
