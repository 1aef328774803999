import { expect, test } from "vitest";
import { hasScreen } from "./open-browser.ts";

test("a browser is opened where somebody can see it", () => {
  expect(hasScreen({ DISPLAY: ":0" }, "linux")).toBe(true);
  expect(hasScreen({ WAYLAND_DISPLAY: "wayland-0" }, "linux")).toBe(true);
  expect(hasScreen({}, "darwin")).toBe(true);
});

test("none is opened on a server, over SSH or in CI", () => {
  expect(hasScreen({ DISPLAY: "" }, "linux")).toBe(false);
  expect(hasScreen({ DISPLAY: ":10", SSH_CONNECTION: "10.0.0.1 22 10.0.0.2 22" }, "linux")).toBe(false);
  expect(hasScreen({ CI: "true" }, "darwin")).toBe(false);
});
