import { toast, toastError } from "../parts/toast.ts";
import { sayer } from "../words/say.ts";
import { log as words } from "../words/log.ts";
import { plainText } from "./ansi-spans.ts";
import type { ChosenLines } from "./line-link.ts";
import type { LogModel } from "./log-model.ts";

/** More than this is a file, and nothing for a clipboard. */
const mostLines = 200_000;

/** Puts lines, or the whole log, on the clipboard, without colours. */
export async function copyLog(model: LogModel, chosen: ChosenLines | undefined): Promise<void> {
  const say = sayer(words);
  const ranges =
    chosen === undefined
      ? model.keys.map((key) => ({ key, from: 0, to: model.pages(key)?.total ?? 0 }))
      : [{ key: chosen.section, from: chosen.from, to: chosen.to + 1 }];
  const count = ranges.reduce((sum, { from, to }) => sum + to - from, 0);
  if (count > mostLines) {
    void toast({ title: say("copy.tooLong"), description: say("copy.tooLongText", { count }), tone: "warning" });
    return;
  }
  try {
    const lines: string[] = [];
    for (const { key, ...range } of ranges) lines.push(...(await model.texts(key, range, AbortSignal.timeout(60_000))));
    await navigator.clipboard.writeText(lines.map(plainText).join("\n"));
    void toast({ title: say("copy.done", { count: lines.length }) });
  } catch (error) {
    toastError(error);
  }
}

/** Puts the address of the page, with the lines it names, on the clipboard. */
export async function copyLink(): Promise<void> {
  await navigator.clipboard.writeText(window.location.href);
  void toast({ title: sayer(words)("copy.link") });
}
