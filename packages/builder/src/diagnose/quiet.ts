/** Lines that warn, advise or tell of tests that passed: their words are no cause. */
const quietWords =
  /^\s*(?:npm warn\b|info\b|warn(?:ing)?\b|⚠|\(node:\d+\) |✓|✔|√|ok \d+ |pass\b|(?:\S+ )?(?:tip|hint|note|help|info|debug|trace|notice) ?:)|: warning[: ]|\b(?:Deprecation|Future|User|Runtime)Warning\b|"level":(?:10|20|30|40|"(?:trace|debug|info|warn(?:ing)?)")|\b(?:if you see|for example|e\.g\.|such as)\b/i;
const quietLevel = /^(?:\S+ ){0,3}\[?(?:INFO|DEBUG|TRACE|WARN|WARNING|NOTICE)\]?[\s:]/;
/** Lines that tell of something the app lives with. */
const lived =
  /\b(?:retry(?:ing)?|retries|falling back|fall back|fallback|ignor(?:ed|ing)|(?<!before )continuing|using (?:the )?default|skipp(?:ed|ing)|non-?fatal|running without|disabled)\b/i;

/** True for a line whose words are no cause of a failure. */
export function isQuiet(line: string): boolean {
  return quietWords.test(line) || quietLevel.test(line);
}

/** True for a line that tells of a trouble with which the app goes on. */
export function isLivedWith(line: string): boolean {
  return lived.test(line);
}
