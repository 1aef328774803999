import { expect, test } from "vitest";
import { KeySequence, partsOf, pressOf } from "./keys.ts";

const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

test("a press is named by its modifiers and its key; Ctrl and Cmd are one", () => {
  expect(pressOf({ ...none, key: "K", metaKey: true })).toBe("mod+k");
  expect(pressOf({ ...none, key: "k", ctrlKey: true })).toBe("mod+k");
  expect(pressOf({ ...none, key: "Enter", shiftKey: true })).toBe("shift+enter");
  expect(pressOf({ ...none, key: "ArrowDown" })).toBe("down");
});

test("a sign is the same whether a keyboard needs Shift for it or not", () => {
  expect(pressOf({ ...none, key: "?", shiftKey: true })).toBe("?");
  expect(pressOf({ ...none, key: "?" })).toBe("?");
});

test("keys one after the other are a command of their own, while they come within a second or so", () => {
  const sequence = new KeySequence();
  const wanted = ["g p", "g a", "d"];
  expect(sequence.press("g", wanted, 0)).toBeUndefined();
  expect(sequence.press("p", wanted, 500)).toBe("g p");
  expect(sequence.press("a", wanted, 600)).toBeUndefined();
  expect(sequence.press("g", wanted, 700)).toBeUndefined();
  expect(sequence.press("a", wanted, 5000)).toBeUndefined();
});

test("a sequence goes before the single key that ends it", () => {
  const sequence = new KeySequence();
  sequence.press("g", ["g d", "d"], 0);
  expect(sequence.press("d", ["g d", "d"], 100)).toBe("g d");
  expect(sequence.press("d", ["g d", "d"], 200)).toBe("d");
});

test("keys are shown as the platform writes them", () => {
  expect(partsOf("mod+k", false)).toEqual([["Ctrl", "K"]]);
  expect(partsOf("g p", true)).toEqual([["G"], ["P"]]);
});
