import * as fc from "fast-check";
import { parseEnv } from "node:util";
import { expect, test } from "vitest";
import { envValues, parseEnvFile } from "./env-file.ts";

const values = (text: string): Record<string, string> => envValues(parseEnvFile(text));

test.each([
  ["A=1", { A: "1" }],
  ["export A=1\n  B = two words  ", { A: "1", B: "two words" }],
  ["A=", { A: "" }],
  ["A='#not a comment' # one", { A: "#not a comment" }],
  ["A=x # a comment\r\nB=y", { A: "x", B: "y" }],
  ['A="two\\nlines"', { A: "two\nlines" }],
  ["A='two\\nlines'", { A: "two\\nlines" }],
  ['KEY="-----BEGIN\nabc\n-----END"\nB=1', { KEY: "-----BEGIN\nabc\n-----END", B: "1" }],
  ['A="{\\"a\\":1}"', { A: '{"a":1}' }],
  ['A="never closed\nB=1', { A: '"never closed', B: "1" }],
  ["A=1\nA=2", { A: "2" }],
  ["URL=https://example.org/?a=b&c=d", { URL: "https://example.org/?a=b&c=d" }],
  ["\uFEFFA=1", { A: "1" }],
  ["A=it's", { A: "it's" }],
])("%j sets %j", (text, expected) => {
  expect(values(text)).toEqual(expected);
});

test("says where each name stands, what is told about it, and what could not be read", () => {
  const file = parseEnvFile(
    "# The database.\n# Any Postgres.\nDATABASE_URL=\n\n# lost\n\nA=1 # one\nwhat is this\nA=2",
  );
  expect(file.entries).toEqual([
    { name: "DATABASE_URL", value: "", line: 3, comment: "The database. Any Postgres." },
    { name: "A", value: "1", line: 7, comment: "one" },
    { name: "A", value: "2", line: 9, comment: null },
  ]);
  expect(file.unread).toEqual([{ line: 8, text: "what is this" }]);
});

test("reads what Node itself reads, but for a value of blanks, for which Node takes the next line", () => {
  const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,8}$/);
  const plain = fc.stringMatching(/^[a-z0-9:/.@=+-][a-z0-9:/.@=+ -]{0,20}$/);
  const value = fc.oneof(
    plain,
    plain.map((text) => `"${text}\\n${text}"`),
    plain.map((text) => `'${text}\n# ${text}'`),
    plain.map((text) => `${text} # ${text}`),
  );
  const file = fc.array(fc.tuple(name, value), { maxLength: 8 });
  fc.assert(
    fc.property(file, (pairs) => {
      const text = pairs.map(([key, content]) => `${key}=${content}`).join("\n");
      expect(values(text)).toEqual({ ...parseEnv(text) });
    }),
  );
});
