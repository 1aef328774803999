import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PlacedRoute } from "./route-table.ts";
import { parseHost } from "./host.ts";
import { RouteTable } from "./route-table.ts";

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
const port = fc.integer({ min: 1, max: 65_535 });

function route(host: string, plainPort: number): PlacedRoute {
  return { environmentId: `env_${host}`, host, releaseId: null, plainPort, state: "live" };
}

describe("a Host header", () => {
  test("is parsed for every label, port and letter case", () => {
    fc.assert(
      fc.property(label, fc.option(port), fc.boolean(), (name, number, isUpper) => {
        const text = `${isUpper ? name.toUpperCase() : name}.localhost${number === null ? "" : `:${number}`}`;
        expect(parseHost(text)).toEqual({ name: `${name}.localhost`, port: number });
      }),
    );
  });

  test("of any text never throws, and what is understood is lower case without separators", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 80 }), (text) => {
        const parsed = parseHost(text);
        if (parsed !== null) expect(parsed.name).toMatch(/^[a-z0-9.:-]+$/);
      }),
    );
  });

  test.each([
    "",
    ":80",
    "a b",
    "a/b",
    "a@b",
    "[::1",
    "[zz]",
    "a:0",
    "a:65536",
    "a:80:90",
    "a..b",
    "-a",
    "a,b",
    "a\u0000",
  ])("%j is refused", (text) => {
    expect(parseHost(text)).toBeNull();
  });
});

describe("a route table", () => {
  const tables = fc
    .uniqueArray(label, { minLength: 1, maxLength: 20 })
    .map((hosts) => new RouteTable(hosts.map((host, index) => route(host, 20_000 + index))));

  test("finds exactly the labels it was given on the shared port", () => {
    fc.assert(
      fc.property(tables, label, (table, asked) => {
        const expected = table.routes.find((each) => each.host === asked) ?? null;
        expect(table.find(7070, `${asked}.localhost:7070`)).toBe(expected);
      }),
    );
  });

  test("never serves a name that another site could own", () => {
    const foreign = fc
      .tuple(label, fc.constantFrom("com", "localhost.com", "example", "local"))
      .map(([name, top]) => `${name}.${top}`);
    fc.assert(
      fc.property(tables, foreign, fc.integer({ min: 19_990, max: 20_020 }), (table, host, at) => {
        expect(table.find(at, host)).toBeNull();
      }),
    );
  });

  test("finds an environment by its own port under every loopback name", () => {
    const name = fc.constantFrom("localhost", "127.0.0.1", "[::1]", "x.localhost");
    fc.assert(
      fc.property(tables, name, (table, host) => {
        for (const each of table.routes) expect(table.find(each.plainPort, `${host}:${each.plainPort}`)).toBe(each);
      }),
    );
  });
});
