/** What happens to an address that a page wants to go to or open. */
export type Verdict = "stay" | "browser" | "refuse";

/** Addresses of apps that this machine serves; everything else on plain http is refused. */
function isLocalApp({ protocol, hostname }: URL): boolean {
  return (
    protocol === "http:" && (hostname === "127.0.0.1" || hostname === "localhost" || hostname.endsWith(".localhost"))
  );
}

/** Only https and the apps on this machine go to the system's browser. */
export function mayOpenExternally(address: string): boolean {
  if (address.length > 2000 || !URL.canParse(address)) return false;
  const url = new URL(address);
  if (url.username !== "" || url.password !== "") return false;
  return url.protocol === "https:" || isLocalApp(url);
}

/** Pages of the app stay in its window; what may be opened goes to the browser; nothing else goes anywhere. */
export function judgeNavigation(address: string, appOrigin: string): Verdict {
  if (address === appOrigin || address.startsWith(`${appOrigin}/`)) return "stay";
  return mayOpenExternally(address) ? "browser" : "refuse";
}
