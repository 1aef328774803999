// `npm run test:desktop -- --run desktop/e2e/native/take-pictures.ts`: the pictures of docs/desktop.md, to be looked at; no test of anything.
import { expect } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GatedApp } from "../../../journeys/support/gated-app.ts";
import { brokenApp, deploy, settled, staticSite } from "./apps.ts";
import { Desktop } from "./desktop.ts";

const pictures = join(import.meta.dirname, "..", "..", "..", "docs", "desktop");
mkdirSync(pictures, { recursive: true });

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A picture of the screen, or of a part of it, as a person sees it. */
async function take(desktop: Desktop, name: string, area?: Area): Promise<void> {
  const png = await desktop.app.evaluate(async ({ desktopCapturer, screen }, part) => {
    const { size } = screen.getPrimaryDisplay();
    const [source] = await desktopCapturer.getSources({ types: ["screen"], thumbnailSize: size });
    const image = part === undefined ? source?.thumbnail : source?.thumbnail.crop(part);
    return image?.toPNG().toString("base64") ?? "";
  }, area);
  writeFileSync(join(pictures, `${name}.png`), Buffer.from(png, "base64"));
}

async function put(desktop: Desktop, part: string, area: Area): Promise<void> {
  await desktop.app.evaluate(
    ({ BrowserWindow }, [text, where]) => {
      const window = BrowserWindow.getAllWindows().find((each) => each.webContents.getURL().endsWith(text));
      window?.setBounds(where);
      window?.focus();
    },
    [part, area] as const,
  );
  // A window that was moved is drawn anew within a moment.
  await new Promise((resolve) => setTimeout(resolve, 1500));
}

await using desktop = new Desktop();
await desktop.start();
await desktop.main();
const client = await desktop.client();
await settled(client, await deploy(client, staticSite(desktop.root, "landing-page")));
const app = new GatedApp(desktop.root, "shop");
app.close("build");
const running = await deploy(client, app.folder);
await expect.poll(() => desktop.headline(), { timeout: 30_000 }).toBe("1 deployment running");
await desktop.choose("shop: ");
const own = await desktop.window(`${running.id}?window`);
await own.getByRole("heading", { level: 1 }).waitFor();
execFileSync("dunstctl", ["close-all"]);
await put(desktop, "app://launchboard/", { x: 20, y: 40, width: 900, height: 600 });
await put(desktop, `${running.id}?window=compact`, { x: 940, y: 60, width: 420, height: 240 });
await take(desktop, "windows", { x: 0, y: 0, width: 1400, height: 660 });

await desktop.app.evaluate(({ BrowserWindow }) => {
  const window = BrowserWindow.getAllWindows().find((each) => each.webContents.getURL().includes("compact"));
  const { menu } = globalThis.seenByTests as unknown as { menu: Electron.Menu };
  if (window !== undefined) menu.popup({ window, x: 10, y: 300 });
});
await new Promise((resolve) => setTimeout(resolve, 1500));
await take(desktop, "tray-menu", { x: 930, y: 330, width: 440, height: 330 });
await desktop.app.evaluate(() => (globalThis.seenByTests as unknown as { menu: Electron.Menu }).menu.closePopup());

app.open("build");
await settled(client, running);
for (const page of desktop.app.windows()) await page.close();
await settled(client, await deploy(client, brokenApp(desktop.root, "newsletter")));
await settled(client, await deploy(client, staticSite(desktop.root, "blog")));
await new Promise((resolve) => setTimeout(resolve, 1500));
await take(desktop, "notifications", { x: 900, y: 0, width: 500, height: 300 });

await desktop.choose("Open CloudSmith");
await desktop.lead("/settings/desktop");
await put(desktop, "/settings/desktop", { x: 20, y: 40, width: 1000, height: 640 });
await take(desktop, "settings", { x: 0, y: 0, width: 1040, height: 700 });
