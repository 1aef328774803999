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
  portHeldBySibling: false,
  url: null,
  plainUrl: null,
  memoryMb: null,
  cpuPercent: null,
};
const fine: Evidence = {
  observation: healthy,
  status: 200,
  predecessorStatus: null,
  healthPath: "/",
  answeringSeconds: 0,
  graceSeconds: 4,
};

const table: [name: string, evidence: Partial<Evidence>, expected: string][] = [
  ["never seen", { observation: undefined, status: undefined }, "wait"],
  ["starting", { observation: { ...healthy, state: "starting" }, status: undefined }, "wait"],
  ["stopped", { observation: { ...healthy, state: "stopped" }, status: undefined }, "wait"],
  ["healthy and not asked yet", { status: undefined }, "wait"],
  ["crashing", { observation: { ...healthy, state: "crashing" }, status: undefined }, "reject"],
  ["its port is held by the one before", { observation: { ...healthy, portHeldBySibling: true } }, "make-exclusive"],
  [
    "crashing because of that port",
    { observation: { ...healthy, state: "crashing", portHeldBySibling: true }, status: undefined },
    "make-exclusive",
  ],
  ["200", {}, "accept"],
  ["a redirect", { status: 302 }, "accept"],
  ["404 on /: an API may say so", { status: 404 }, "accept"],
  ["401 on /", { status: 401 }, "accept"],
  ["500 on / at first", { status: 500, answeringSeconds: 3 }, "wait"],
  ["500 on / for long, the first deployment", { status: 500, answeringSeconds: 4 }, "accept health-server-error"],
  [
    "500 on / for long, its predecessor fails too",
    { status: 500, answeringSeconds: 4, predecessorStatus: 502 },
    "accept health-server-error",
  ],
  [
    "500 on / for long, its predecessor works",
    { status: 500, answeringSeconds: 4, predecessorStatus: 200 },
    "reject health-server-error",
  ],
  [
    "500 on / for long, its predecessor answers 404 there",
    { status: 500, answeringSeconds: 4, predecessorStatus: 404 },
    "reject health-server-error",
  ],
  ["nothing answers at first", { status: null, answeringSeconds: 1 }, "wait"],
  ["nothing answers for long", { status: null, answeringSeconds: 5 }, "accept health-server-error"],
  [
    "nothing answers for long, its predecessor works",
    { status: null, answeringSeconds: 5, predecessorStatus: 200 },
    "reject health-server-error",
  ],
  ["404 on a chosen path at first", { status: 404, healthPath: "/healthz" }, "wait"],
  [
    "404 on a chosen path for long, the first deployment",
    { status: 404, healthPath: "/healthz", answeringSeconds: 5 },
    "accept health-client-error",
  ],
  [
    "404 on a chosen path for long, its predecessor works",
    { status: 404, healthPath: "/healthz", answeringSeconds: 5, predecessorStatus: 204 },
    "reject health-client-error",
  ],
  [
    "404 on a chosen path for long, its predecessor had none either",
    { status: 404, healthPath: "/healthz", answeringSeconds: 5, predecessorStatus: 404 },
    "accept health-client-error",
  ],
];

test.each(table)("%s", (_name, evidence, expected) => {
  const found = verdict({ ...fine, ...evidence });
  const codes =
    found.type === "accept"
      ? found.warnings.map((warning) => warning.code)
      : found.type === "reject" && found.code !== undefined
        ? [found.code]
        : [];
  expect([found.type, ...codes].join(" ")).toBe(expected);
});
