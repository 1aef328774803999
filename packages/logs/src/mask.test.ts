import * as fc from "fast-check";
import { expect, test } from "vitest";
import { LineSplitter } from "./line-splitter.ts";
import { createMasker, maskText } from "./mask.ts";

const secret = "s3cr3t/päss+word";
const mask = createMasker([secret]);

test.each([
  ["plain", `login with ${secret}!`, `login with ${maskText}!`],
  ["twice", `${secret}${secret}`, maskText],
  ["base64", `data ${Buffer.from(secret).toString("base64")}`, `data ${maskText}`],
  ["base64 without padding", Buffer.from(secret).toString("base64url"), maskText],
  ["URL-encoded", `?a=${encodeURIComponent(secret)}&b=1`, `?a=${maskText}&b=1`],
  ["form-encoded", String(new URLSearchParams({ a: secret, b: "1" })), `a=${maskText}&b=1`],
  ["JSON", JSON.stringify({ a: secret }), `{"a":"${maskText}"}`],
])("masks a secret in its %s form", (_form, text, expected) => {
  expect(mask(text)).toBe(expected);
});

test("masks a secret inside of longer base64 at every alignment", () => {
  for (const user of ["", "a", "ab", "abc", "user"]) {
    const header = `Authorization: Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;
    const shown = mask(header).split(" ").at(-1) ?? "";
    expect(shown).toContain(maskText);
    expect(Buffer.from(shown.replace(/•+.*$/, ""), "base64").toString()).not.toContain("s3c");
  }
});

test("masks the lines of a multi-line secret one by one, and all of it where it is JSON on one line", () => {
  const key = "-----BEGIN KEY-----\r\n  MIIEvQIBADANBg\nab\nq8mPzT0xYw==\n-----END KEY-----\n";
  const masker = createMasker([key]);
  expect(key.split("\n").map(masker)).toEqual([`${maskText}\r`, `  ${maskText}`, "ab", maskText, maskText, ""]);
  expect(masker(JSON.stringify({ key }))).toBe(`{"key":"${maskText}"}`);
});

test("leaves alone what is shorter than 4 characters, and text without a secret", () => {
  expect(createMasker(["abc", ""])("abc abc")).toBe("abc abc");
  expect(mask("nothing to hide")).toBe("nothing to hide");
});

test("masks secrets that overlap as a whole", () => {
  expect(createMasker(["abcdef", "defghi"])("xabcdefghix")).toBe(`x${maskText}x`);
  expect(createMasker(["abcd", "abcdef"])("abcdef")).toBe(maskText);
});

test("masks secrets that are regular expressions or replacement patterns", () => {
  expect(createMasker(["(a+)+$", "$&$1"])("x (a+)+$ $&$1 aaaa")).toBe(`x ${maskText} ${maskText} aaaa`);
});

const letters = fc.constantFrom("a", "b", "c", '"', "+", "/", " ", "é");
const secrets = fc.array(fc.string({ minLength: 4, maxLength: 12, unit: letters }), {
  minLength: 1,
  maxLength: 4,
});

test("never leaves a secret in any text", () => {
  const pieces = fc.array(fc.oneof(fc.nat(3), fc.string({ unit: letters })));
  fc.assert(
    fc.property(secrets, pieces, (values, parts) => {
      const text = parts.map((part) => (typeof part === "number" ? (values[part] ?? "") : part)).join("");
      const shown = createMasker(values)(text);
      for (const value of values) expect(shown).not.toContain(value);
    }),
  );
});

test("masks the same in whatever chunks a text comes", () => {
  const cuts = fc.array(fc.nat(), { maxLength: 6 });
  fc.assert(
    fc.property(
      secrets,
      fc.string({ unit: fc.constantFrom("a", "b", "\n", "é"), maxLength: 30 }),
      cuts,
      (values, noise, at) => {
        const masker = createMasker(values);
        const text = `${noise}${values.join(noise)}${noise}`;
        const bytes = Buffer.from(text);
        const bounds = [0, ...at.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
        const splitter = new LineSplitter(masker);
        const lines = bounds.flatMap((from, index) => splitter.push(bytes.subarray(from, bounds[index + 1] ?? from)));
        expect([...lines, ...splitter.end()].join("\n")).toBe(
          text.replace(/\n$/, "").split("\n").map(masker).join("\n"),
        );
      },
    ),
  );
});

test("masks a secret that lies where a line without an end is cut", () => {
  for (let before = 16_370; before < 16_390; before += 1) {
    const splitter = new LineSplitter(createMasker(["correct horse battery"]));
    const bytes = Buffer.from(`${"x".repeat(before)}correct horse battery${"y".repeat(40_000)}`);
    const lines = [];
    for (let at = 0; at < bytes.length; at += 1000) lines.push(...splitter.push(bytes.subarray(at, at + 1000)));
    const shown = [...lines, ...splitter.end()].join("");
    expect(shown.replaceAll(/[xy]/g, "")).toBe(maskText);
    expect(shown).toHaveLength(before + maskText.length + 40_000);
  }
});
