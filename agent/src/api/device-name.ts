/** Browsers by what only they say about themselves; the first that matches counts, since most also claim to be others. */
const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bElectron\//, "CloudSmith's app"],
  [/\bEdg(?:e|A|iOS)?\/(\d+)/, "Edge"],
  [/\bOPR\/(\d+)/, "Opera"],
  [/\b(?:Firefox|FxiOS)\/(\d+)/, "Firefox"],
  [/\b(?:HeadlessChrome|Chrome|CriOS)\/(\d+)/, "Chrome"],
  [/\bVersion\/(\d+)[\d.]* (?:Mobile\/\S+ )?Safari\//, "Safari"],
];
const systems: readonly (readonly [RegExp, string])[] = [
  [/\b(?:iPhone|iPad)\b/, "iOS"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b|\bMacintosh\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
];

/** What a person calls a browser, by its `User-Agent`: "Firefox 131 on Linux". One that says something else is called that. */
export function deviceName(userAgent: string | undefined): string {
  const text = (userAgent ?? "").slice(0, 500);
  const browser = browsers.find(([pattern]) => pattern.test(text));
  if (browser === undefined) return text.slice(0, 120) || "A browser";
  const version = browser[0].exec(text)?.[1];
  const system = systems.find(([pattern]) => pattern.test(text))?.[1];
  return [
    browser[1],
    ...(version === undefined ? [] : [version]),
    ...(system === undefined ? [] : ["on", system]),
  ].join(" ");
}
