import { addressesOf, openAtRest } from "./support/every-page.ts";
import { expect, test } from "./support/test.ts";

/** What a person or a program named, and what the agent says: it is not the page's to translate. */
const data = [
  /^(?:CloudSmith|Launchboard|shop|production|this computer|Apache-2\.0|octocat)(?: ·)?$/i,
  /^Chrome \d+ on \w+$/,
  /^[\d.,]+ [KMG]B$/,
  /^(?:Ctrl|Tab|Esc|Enter|Shift|K|G)$/,
  /^https?:|^\/|localhost|cloudsmith-chaos/,
  /^[A-Z][A-Z_]+$/,
  /^(?:npm|pnpm|yarn|bun|staging)$/,
  // What was changed, as the agent tells it.
  /^(?:name|set|unset|setting) /,
  /^\w+, \w+ \d+, \d{4} at /,
];
/** Code, times and figures; what the agent says of a deployment, a plan or its own health; what others did, by name. */
const elsewhere = "code, pre, kbd, time, option, [data-entry], [data-field], [data-check], [data-figures], .log-view";

test("every word comes from the catalogue", async ({ installation, launch }) => {
  test.setTimeout(240_000);
  const addresses = await addressesOf(installation);
  const page = await launch("/settings/appearance");
  await page.getByRole("button", { name: "Test language" }).click();
  for (const path of addresses) {
    await openAtRest(page, path);
    const bare = (await page.evaluate(wordsOutside, elsewhere)).filter((text) => !data.some((each) => each.test(text)));
    expect.soft(bare, path).toEqual([]);
  }
});

/** Visible texts and names of controls that have a word in them and none of the signs of the test language. */
function wordsOutside(exempt: string): string[] {
  const isBare = (text: string): boolean => /[a-z]{2}/i.test(text) && !/\[|···|[áéíóúýçñš]/i.test(text);
  const texts: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (element === null || !element.checkVisibility() || element.closest(`script, style, title, ${exempt}`)) continue;
    texts.push((node.textContent ?? "").trim());
  }
  for (const element of document.querySelectorAll("[aria-label], [placeholder]")) {
    if (element.closest(exempt) !== null) continue;
    texts.push(element.getAttribute("aria-label") ?? "", element.getAttribute("placeholder") ?? "");
  }
  return [...new Set(texts.filter(isBare))];
}
