import { expect, test } from "vitest";
import { linkedText } from "./log-links.ts";

test("an address becomes a link, what is around it stays text", () => {
  expect(linkedText("open http://shop.localhost:8080/a?b=1#c now")).toEqual([
    { text: "open " },
    { text: "http://shop.localhost:8080/a?b=1#c", href: "http://shop.localhost:8080/a?b=1#c" },
    { text: " now" },
  ]);
});

test.each([
  ["see https://example.com.", "https://example.com"],
  ["(https://example.com/a_(b))", "https://example.com/a_(b)"],
  ["[https://example.com/x], then", "https://example.com/x"],
  ['"https://example.com/x"', "https://example.com/x"],
])("%s", (text, link) => {
  expect(linkedText(text).find((part) => part.href !== undefined)?.text).toBe(link);
  expect(
    linkedText(text)
      .map((part) => part.text)
      .join(""),
  ).toBe(text);
});

test.each(["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "http://", "https://:80"])(
  "%s is never a link",
  (text) => {
    expect(linkedText(text).some((part) => part.href !== undefined)).toBe(false);
  },
);
