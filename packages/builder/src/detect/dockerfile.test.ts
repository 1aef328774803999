import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { BuildPlan, Failure } from "@cloudsmith/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { planSource } from "../plan/plan-source.ts";

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "dockerfile-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function planned(files: Readonly<Record<string, string>>): Promise<BuildPlan | Failure> {
  const root = mkdtempSync(join(home, "t-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  const result = await planSource({ root, dir: "" });
  return result.ok ? result.plan : result.failure;
}

const dockerfile = `# syntax=docker/dockerfile:1
FROM alpine AS build
ARG VERSION=1
EXPOSE 1234
RUN make \\
  all
FROM alpine
COPY --from=build /app /app
EXPOSE 9000/tcp
ENTRYPOINT ["/app/server"]
CMD ["--fast"]
`;

test("a Dockerfile that nothing else stands beside is the plan, with what it says of port and start", async () => {
  expect(await planned({ Dockerfile: dockerfile, "main.c": "" })).toMatchObject({
    kind: "dockerfile",
    image: { dockerfile: "Dockerfile", context: "", target: null, args: {} },
    serve: { start: { argv: ["/app/server", "--fast"] } },
    port: 9000,
    warnings: [],
  });
});

test("an app that can be built without its Dockerfile is, unless the Dockerfile was asked for", async () => {
  const app = { Dockerfile: dockerfile, "package.json": '{"scripts":{"start":"node a.js"}}', "a.js": "" };
  const plan = await planned(app);
  expect(plan).toMatchObject({ kind: "node", port: 9000, warnings: [{ code: "dockerfile-unused" }] });
  expect(await planned({ ...app, "cloudsmith.json": '{"dockerfile":"Dockerfile"}' })).toMatchObject({
    kind: "dockerfile",
    image: { dockerfile: "Dockerfile" },
  });
  expect(await planned({ ...app, "cloudsmith.json": '{"dockerfile":"docker/web"}' })).toMatchObject({
    code: "plan-invalid",
    message: "There is no docker/web",
  });
});

test("a compose file that publishes no port says target and command of the Dockerfile that stands alone in a folder", async () => {
  const compose = "services:\n  web:\n    build: { context: web, target: base }\n    command: serve --all\n";
  const files = { "compose.yaml": compose, "web/Dockerfile": "FROM alpine AS base\nFROM base\n" };
  expect(await planned(files)).toMatchObject({
    appDir: "",
    image: { dockerfile: "web/Dockerfile", context: "web", target: "base" },
    serve: { start: { argv: ["serve", "--all"] } },
  });
  // An app that is found there by itself is planned as one beside a Dockerfile is.
  expect(
    await planned({ ...files, "web/go.mod": "module x\n", "web/main.go": "package main\nfunc main() {}\n" }),
  ).toMatchObject({
    kind: "go",
    appDir: "web",
  });
});

test("a compose file with one service of its own: what it builds, sets and publishes; the others are named", async () => {
  const compose = `services:
  api:
    build:
      context: ./server
      dockerfile: docker/web.Dockerfile
      target: run
      args: { EDITION: pro }
    command: ["serve", "--port", "8000"]
    environment:
      - MODE=production
      - TOKEN
      - HOME_URL=\${HOME_URL}
    ports: ["127.0.0.1:80:8000/tcp"]
  db:
    image: postgres:17
`;
  expect(await planned({ "compose.yaml": compose, "server/docker/web.Dockerfile": dockerfile })).toMatchObject({
    kind: "dockerfile",
    image: { dockerfile: "server/docker/web.Dockerfile", context: "server", target: "run", args: { EDITION: "pro" } },
    serve: { start: { argv: ["serve", "--port", "8000"] } },
    env: { run: { MODE: "production" } },
    port: 8000,
    warnings: [{ code: "compose-service-not-run", message: "db (postgres:17) of compose.yaml is not run here" }],
  });
});

test("of several services the only one that publishes a port is the app; else they are told apart by a person", async () => {
  const service = (name: string, more = ""): string => `  ${name}:\n    build: ./${name}\n${more}`;
  const files = { "web/Dockerfile": dockerfile, "worker/Dockerfile": dockerfile };
  const ports = '    ports: ["3000"]\n';
  expect(
    await planned({ ...files, "docker-compose.yml": `services:\n${service("web", ports)}${service("worker")}` }),
  ).toMatchObject({ image: { context: "web" }, port: 3000 });
  expect(
    await planned({ ...files, "docker-compose.yml": `services:\n${service("web")}${service("worker")}` }),
  ).toMatchObject({ code: "no-app-found", message: "There are several apps: web, worker" });
});

test.each(["services: [", "services: 7", "services:\n  a:\n    build: ../../etc\n", "services: {}"])(
  "a compose file that leads nowhere is refused in words: %j",
  async (text) => {
    expect(await planned({ "compose.yaml": text })).toMatchObject({
      code: expect.stringMatching(/unsupported|no-app/),
    });
  },
);
