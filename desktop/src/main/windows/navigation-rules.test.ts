import { expect, test } from "vitest";
import { judgeNavigation, mayOpenExternally } from "./navigation-rules.ts";

const origin = "app://launchboard";

test.each([
  [origin, "stay"],
  [`${origin}/projects/shop?tab=logs`, "stay"],
  ["https://github.com/acme", "browser"],
  ["http://shop.localhost:7070/", "browser"],
  ["http://127.0.0.1:7420/api", "browser"],
  ["app://launchboard.evil/", "refuse"],
  ["app://other/", "refuse"],
  ["http://example.org/", "refuse"],
  ["https://user:password@example.org/", "refuse"],
  ["http://localhost.example.org/", "refuse"],
  ["file:///etc/passwd", "refuse"],
  ["javascript:alert(1)", "refuse"],
  ["data:text/html,hello", "refuse"],
  ["cloudsmith://deploy?repository=https://github.com/acme/shop", "refuse"],
  ["smb://server/share", "refuse"],
  ["not an address", "refuse"],
])("%s: %s", (address, verdict) => {
  expect(judgeNavigation(address, origin)).toBe(verdict);
});

test("an endless address is not opened", () => {
  expect(mayOpenExternally(`https://example.org/${"a".repeat(3000)}`)).toBe(false);
});
