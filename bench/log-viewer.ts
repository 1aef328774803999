import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Deployment } from "@cloudsmith/contracts";
import { openFileLogs } from "@cloudsmith/logs";
import type { CDPSession, Page } from "@playwright/test";
import { Bundled, settled } from "./bundled.ts";
import { timed, type Bench, type Row } from "./measure.ts";
import { launchBrowser, longestTaskOf, openPage, taskRow, underRow } from "./page.ts";

const lines = 1_000_000;
const linesASecond = 5000;
const followSeconds = 12;
const wantedLine = 777_777;

export const logViewer: Bench = {
  name: "Log viewer",
  how: `Launchboard in headless Chromium: a build log of ${lines.toLocaleString("en")} lines, and a build that prints ${linesASecond} lines a second; heap after garbage collection, and at its highest without one; tasks by the processor time that they take, since others use the machine too`,
  run: async () => {
    await using installation = new Bundled();
    await installation.startAgent();
    const browser = await launchBrowser();
    try {
      const page = await openPage(browser, installation);
      const long = await deploy(installation, "long", `console.log("built");`);
      await fill(installation, long);
      return [
        ...(await measureLong(page, `${new URL(page.url()).origin}/deployments/${long.id}`)),
        ...(await measureFollowing(installation, page)),
      ];
    } finally {
      await browser.close();
    }
  },
};

async function request(installation: Bundled, name: string, build: string): Promise<Deployment> {
  const path = join(installation.home, "bench", name);
  mkdirSync(path, { recursive: true });
  const scripts = { build: "node build.js", start: "node server.js" };
  writeFileSync(join(path, "package.json"), JSON.stringify({ name, scripts }));
  writeFileSync(join(path, "build.js"), build);
  writeFileSync(
    join(path, "server.js"),
    `require("node:http").createServer((q, s) => s.end("ok")).listen(process.env.PORT);`,
  );
  const client = await installation.client();
  await client.projects.ensure({ source: { type: "folder", path, dir: "" }, name });
  return client.deployments.create({ project: name });
}

async function deploy(installation: Bundled, name: string, build: string): Promise<Deployment> {
  return settled(await installation.client(), await request(installation, name, build));
}

/** Writes a million lines behind those of the build, through the store that the agent reads. */
async function fill(installation: Bundled, { teamId, buildId }: Deployment): Promise<void> {
  const writer = openFileLogs({ dir: join(installation.home, "logs") }).writer({ teamId, id: `build/${buildId}` });
  const at = new Date().toISOString();
  for (let n = 0; n < lines; n++) {
    const text = `\u001b[2m[${n}]\u001b[0m compiled ./src/components/feature-${n % 977}/index.tsx in ${n % 91} ms`;
    if (!writer.write({ at, stream: "stdout", text: n === wantedLine ? `Needle ${n}` : text })) await writer.flush();
  }
  await writer.end();
}

async function measureLong(page: Page, address: string): Promise<Row[]> {
  const cdp = await page.context().newCDPSession(page);
  const opening = await timed(async () => {
    await page.goto(`${address}#build-L${wantedLine}`);
    await page.locator(`.log-line[data-line="build-L${wantedLine}"] .log-text`).waitFor();
  });
  let highest = 0;
  const jumping = await longestTaskOf(page, async () => {
    for (let step = 0; step < 40; step++) {
      await scrollTo(page, (step * 17) % 40);
      highest = Math.max(highest, await heapMb(cdp));
    }
  });
  await page.mouse.move(640, 600);
  const wheeling = await longestTaskOf(page, async () => {
    for (let step = 0; step < 150; step++) await page.mouse.wheel(0, 120);
    await page.waitForTimeout(500);
  });
  let searching = Number.NaN;
  const searched = await longestTaskOf(page, async () => {
    searching = await timed(async () => {
      await page.getByRole("searchbox", { name: "Search the log" }).fill("needle");
      await page.getByText("1 of 1", { exact: true }).waitFor({ timeout: 60_000 });
    });
  });
  highest = Math.max(highest, await heapMb(cdp));
  await cdp.send("HeapProfiler.collectGarbage");
  return [
    underRow("opened at line 777,777", opening, "ms", 3000),
    underRow("JavaScript heap after scrolling all over it", await heapMb(cdp), "MB", 200),
    underRow("the same at its highest", highest, "MB", 200),
    taskRow("jumps of the scroll bar", jumping),
    taskRow("the wheel", wheeling),
    underRow("a search through all of it", searching, "ms", 10_000),
    taskRow("that search", searched),
  ];
}

async function measureFollowing(installation: Bundled, page: Page): Promise<Row[]> {
  const count = linesASecond * followSeconds;
  const build = `let n = 0; const started = Date.now();
const timer = setInterval(() => {
  const due = Math.min(${count}, ((Date.now() - started) * ${linesASecond}) / 1000);
  let text = "";
  while (n < due) text += "\\u001b[36mline\\u001b[0m " + n++ + " of a build that talks a lot\\n";
  process.stdout.write(text);
  if (n >= ${count}) clearInterval(timer);
}, 20);`;
  const deployment = await request(installation, "talker", build);
  await page.goto(`${new URL(page.url()).origin}/deployments/${deployment.id}`);
  const cdp = await page.context().newCDPSession(page);
  await page.locator(".log-line").nth(20).waitFor({ timeout: 60_000 });
  let highest = 0;
  const seen: { at: number; line: number }[] = [];
  const longest = await longestTaskOf(page, async () => {
    for (let tick = 0; tick < followSeconds - 3; tick++) {
      await page.waitForTimeout(1000);
      highest = Math.max(highest, await heapMb(cdp));
      const last = await page.locator(".log-line .log-number").last().textContent();
      seen.push({ at: performance.now(), line: Number(last) });
    }
  });
  const [first, last] = [seen[0], seen.at(-1)];
  const rate = ((last?.line ?? 0) - (first?.line ?? 0)) / (((last?.at ?? 1) - (first?.at ?? 0)) / 1000);
  return [
    {
      what: `lines a second that follow ${linesASecond} a second`,
      figure: rate.toFixed(0),
      goal: `at least ${linesASecond * 0.9}`,
      met: rate >= linesASecond * 0.9,
    },
    taskRow("following", longest),
    underRow("JavaScript heap meanwhile, at its highest", highest, "MB", 200),
  ];
}

/** Puts the scroll bar at so many fortieths and waits until what is there was drawn. */
async function scrollTo(page: Page, fortieth: number): Promise<void> {
  await page.evaluate(`(async () => {
    const element = document.querySelector(".log-scroller");
    element.scrollTop = ((element.scrollHeight - element.clientHeight) * ${fortieth}) / 40;
    for (let n = 0; n < 3; n++) await new Promise(requestAnimationFrame);
    for (let n = 0; n < 200 && element.querySelector(".log-missing") !== null; n++) await new Promise(requestAnimationFrame);
  })()`);
}

async function heapMb(cdp: CDPSession): Promise<number> {
  await cdp.send("Performance.enable");
  const { metrics } = await cdp.send("Performance.getMetrics");
  return (metrics.find(({ name }) => name === "JSHeapUsedSize")?.value ?? 0) / 1e6;
}
