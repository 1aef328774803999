/** Goes the way of a person in a browser: opens an address, follows redirects, presses each page's button; ends at the first address that `isEnd` knows, or at a page without a button. */
export async function walk(
  url: string,
  options: { isEnd?: (url: URL) => boolean; cancel?: boolean } = {},
): Promise<{ url: string; status: number; text: string; steps: string[] }> {
  const { isEnd = () => false, cancel = false } = options;
  const steps: string[] = [];
  let next: { url: string; form?: URLSearchParams } | undefined = { url };
  for (let count = 0; next !== undefined && count < 30; count++) {
    steps.push(next.url);
    if (isEnd(new URL(next.url))) return { url: next.url, status: 0, text: "", steps };
    const response: Response = await fetch(next.url, {
      redirect: "manual",
      ...(next.form !== undefined && { method: "POST", body: next.form }),
    });
    const text = await response.text();
    const location = response.headers.get("location");
    const at: string = next.url;
    next = location === null ? formOf(text, at, cancel) : { url: new URL(location, at).href };
    if (next === undefined) return { url: at, status: response.status, text, steps };
  }
  throw new Error(`This way does not end: ${steps.join(" -> ")}`);
}

function formOf(html: string, base: string, cancel: boolean): { url: string; form: URLSearchParams } | undefined {
  const action = /<form method="post" action="([^"]+)"/.exec(html)?.[1];
  if (action === undefined) return undefined;
  const form = new URLSearchParams();
  for (const [, name = "", value = ""] of html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g))
    form.set(name, unescaped(value));
  if (cancel && html.includes('name="cancel"')) form.set("cancel", "1");
  return { url: new URL(unescaped(action), base).href, form };
}

function unescaped(text: string): string {
  return text.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
