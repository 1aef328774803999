import * as fc from "fast-check";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { createOutput } from "./output.ts";
import { PlainView } from "./progress/plain-view.ts";
import { terminalSafe } from "./terminal-safe.ts";

describe("what programs and repositories wrote, on a terminal", () => {
  it.each([
    ["a title", "\u001B]0;root@host\u0007text", "text"],
    ["the clipboard", "\u001B]52;c;cm0gLXJmIH4=\u001B\\text", "text"],
    ["a link that lies", "\u001B]8;;http://evil\u001B\\text\u001B]8;;\u001B\\", "text"],
    ["the cursor", "\u001B[2J\u001B[1;1Htext", "text"],
    ["the line before it", "ok\rEVIL", "okEVIL"],
    ["a question for an answer", "\u001B[6n\u001B[ctext", "text"],
    ["a device string", "\u001BP+q544e\u001B\\text", "text"],
    ["a reset of the terminal", "\u001Bctext", "text"],
    ["eight-bit sequences", "\u009B2Jtext\u009D0;x\u009C", "text"],
    ["a string without an end", "text\u001B]0;evil", "text"],
    ["a bell and a backspace", "te\u0007x\bt", "text"],
    ["colours", "\u001B[31mred\u001B[0m", "\u001B[31mred\u001B[0m"],
    ["a colour without an end", "\u001B[31mred", "\u001B[31mred\u001B[0m"],
    ["lines and tabs", "a\tb\r\nc", "a\tb\nc"],
  ])("%s", (_, text, safe) => {
    expect(terminalSafe(text)).toBe(safe);
  });

  it("whatever the text, nothing is left but colours", () => {
    const part = fc.oneof(
      fc.string(),
      fc.constantFrom("\u001B", "[", "]", "0", ";", "m", "\u0007", "\u009B", "\r", "P"),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const left = terminalSafe(parts.join("")).replaceAll(/\u001B\[[0-9;:]*m/g, "");
        expect(left).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/);
      }),
    );
  });

  it("every way out goes through it", () => {
    const stream = new PassThrough();
    // The parts of a terminal's stream that an output uses.
    const stdout = stream as unknown as NodeJS.WriteStream;
    const out = createOutput({ json: false, stdout, stderr: stdout });
    const evil = "\u001B]0;evil\u0007shown";
    out.result({}, () => [evil]);
    out.item({}, () => evil);
    out.note(evil);
    new PlainView(out).log({ lines: [{ text: evil }] } as unknown as Parameters<PlainView["log"]>[0]);
    expect(String(stream.read())).toBe("shown\nshown\nshown\n   shown\n");
  });
});
