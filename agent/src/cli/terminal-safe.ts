/** Colours and weights (SGR): what programs may do to the text that they write. */
const sgr = /\u001B\[[0-9;:]*m/;
/**
 * Everything else that a terminal takes as a command and that comes out of logs, commit messages and names: other control sequences (ECMA-48),
 * strings such as titles, links and the clipboard (OSC, DCS, APC, PM, SOS), and single control characters but tab and line feed.
 */
const commands =
  /\u001B\[[0-?]*[ -/]*[@-~]|\u009B[0-?]*[ -/]*[@-~]|(?:\u001B[PX\]^_]|[\u0090\u0098\u009D-\u009F])[^\u0007\u001B\u009C]*(?:\u0007|\u001B\\|\u009C|$)|\u001B[ -/]*[0-~]?|[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;
const reset = "\u001B[0m";

/** A text that can be written to a terminal: it may be coloured, but neither moves the cursor nor tells the terminal to do anything. */
export function terminalSafe(text: string): string {
  if (!/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/.test(text)) return text;
  const safe = text.replaceAll(/\r\n/g, "\n").replace(commands, (found) => (sgr.test(found) ? found : ""));
  // A colour that was not ended would colour what we write next.
  return sgr.test(safe) && !safe.endsWith(reset) && !/\u001B\[39m$|\u001B\[2[2-9]m$/.test(safe) ? safe + reset : safe;
}
