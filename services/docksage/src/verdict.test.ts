import { expect, test } from "vitest";
import type { Observation } from "./targets/target.ts";
import { verdict, type Evidence } from "./verdict.ts";

const healthy: Observation = {
  releaseId: "rel_0001",
  state: "healthy",
  port: 3000,
  restarts: 0,
  reason: null,
  exit: null,
  lastLines: [],
  listening: [{ host: "127.0.0.1", port: 3000 }],
  refusesItsHost: false,
  portHeldBySibling: false,
  url: null,
  plainUrl: null,
  memoryMb: null,
  cpuPercent: null,
};
const fine: Evidence = {
  observation: healthy,
  answer: { status: 200, body: "" },
  predecessor: null,
  healthPath: "/",
  answeringSeconds: 0,
  graceSeconds: 4,
};

const says = (status: number, body = "") => ({ status, body });
const refusedHost = says(400, "<h1>Bad Request (400)</h1>");

const table: [name: string, evidence: Partial<Evidence>, expected: string][] = [
  ["never seen", { observation: undefined, answer: undefined }, "wait"],
  ["starting", { observation: { ...healthy, state: "starting" }, answer: undefined }, "wait"],
  ["stopped", { observation: { ...healthy, state: "stopped" }, answer: undefined }, "wait"],
  ["healthy and not asked yet", { answer: undefined }, "wait"],
  ["crashing", { observation: { ...healthy, state: "crashing" }, answer: undefined }, "reject"],
  ["its port is held by the one before", { observation: { ...healthy, portHeldBySibling: true } }, "make-exclusive"],
  [
    "crashing because of that port",
    { observation: { ...healthy, state: "crashing", portHeldBySibling: true }, answer: undefined },
    "make-exclusive",
  ],
  ["200", {}, "accept"],
  ["a redirect", { answer: says(302) }, "accept"],
  ["404 on /: an API may say so", { answer: says(404) }, "accept"],
  ["400 on / of its own", { answer: says(400, "name is missing") }, "accept"],
  ["its own host refused on / at first", { answer: refusedHost }, "wait"],
  ["its own host refused on / for long", { answer: refusedHost, answeringSeconds: 4 }, "accept, told"],
  [
    "its own host refused, its predecessor works",
    { answer: refusedHost, answeringSeconds: 4, predecessor: says(200) },
    "reject",
  ],
  ["401 on /", { answer: says(401) }, "accept"],
  ["500 on / at first", { answer: says(500), answeringSeconds: 3 }, "wait"],
  ["500 on / for long, the first deployment", { answer: says(500), answeringSeconds: 4 }, "accept, told"],
  [
    "500 on / for long, its predecessor fails too",
    { answer: says(500), answeringSeconds: 4, predecessor: says(502) },
    "accept, told",
  ],
  [
    "500 on / for long, its predecessor works",
    { answer: says(500), answeringSeconds: 4, predecessor: says(200) },
    "reject",
  ],
  [
    "500 on / for long, its predecessor answers 404 there",
    { answer: says(500), answeringSeconds: 4, predecessor: says(404) },
    "reject",
  ],
  ["nothing answers at first", { answer: null, answeringSeconds: 1 }, "wait"],
  ["nothing answers for long", { answer: null, answeringSeconds: 5 }, "accept, told"],
  [
    "nothing answers for long, its predecessor works",
    { answer: null, answeringSeconds: 5, predecessor: says(200) },
    "reject",
  ],
  ["404 on a chosen path at first", { answer: says(404), healthPath: "/healthz" }, "wait"],
  [
    "404 on a chosen path for long, the first deployment",
    { answer: says(404), healthPath: "/healthz", answeringSeconds: 5 },
    "accept, told",
  ],
  [
    "404 on a chosen path for long, its predecessor works",
    { answer: says(404), healthPath: "/healthz", answeringSeconds: 5, predecessor: says(204) },
    "reject",
  ],
  [
    "404 on a chosen path for long, its predecessor had none either",
    { answer: says(404), healthPath: "/healthz", answeringSeconds: 5, predecessor: says(404) },
    "accept, told",
  ],
];

test.each(table)("%s", (_name, evidence, expected) => {
  const found = verdict({ ...fine, ...evidence });
  expect(found.type === "accept" && found.bad ? "accept, told" : found.type).toBe(expected);
});
