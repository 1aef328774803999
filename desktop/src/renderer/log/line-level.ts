export type LineLevel = "error" | "warning" | "plain";

/** How tools begin a line that matters: a word at its start, behind at most a tool's name, a time or a bracket. */
const levels: readonly (readonly [LineLevel, RegExp])[] = [
  [
    "error",
    /^\W{0,4}(?:[\w@/.-]{1,30}[\s:]{1,2})?(?:\[?(?:ERR!|ERROR|Error|error|FATAL|Fatal|fatal|panic|PANIC|FAILED)\]?(?!\w)|\w{1,40}Error\b|Traceback \(most|Unhandled|Uncaught|[✖✗×] )/,
  ],
  [
    "warning",
    /^\W{0,4}(?:[\w@/.-]{1,30}[\s:]{1,2})?(?:\[?(?:WARN(?:ING)?|Warning|warning|warn|DEPRECATED|deprecated)\]?\b|⚠ )/,
  ],
];

/** Whether a line's own words say that something is wrong. Only its beginning is looked at. */
export function levelOf(text: string): LineLevel {
  const start = text.slice(0, 120);
  return levels.find(([, pattern]) => pattern.test(start))?.[0] ?? "plain";
}
