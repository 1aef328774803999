import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

const longestLine = 16 * 1024;

/** Calls `onLine` for each line of a stream, cut at 16 KiB; of a line redrawn with carriage returns only the last state counts. Resolves at the stream's end. */
export function lineReader(stream: Readable, onLine: (text: string) => void): Promise<void> {
  const decoder = new StringDecoder("utf8");
  const { promise, resolve } = Promise.withResolvers<void>();
  let rest = "";
  const give = (line: string): void => {
    const text = line.endsWith("\r") ? line.slice(0, -1) : line;
    onLine(text.slice(text.lastIndexOf("\r") + 1).slice(0, longestLine));
  };
  stream.on("data", (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) give(line);
    if (rest.length > longestLine) {
      give(rest);
      rest = "";
    }
  });
  stream.on("close", () => {
    if (rest !== "") give(rest);
    rest = "";
    resolve();
  });
  stream.on("error", () => resolve());
  return promise;
}
