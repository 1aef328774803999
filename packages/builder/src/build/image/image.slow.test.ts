import { copyFileSync, mkdirSync, readFileSync, readlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RealApps } from "../../../test/real-apps.ts";

let apps: RealApps;
beforeAll(() => {
  apps = new RealApps({ sharedDownloads: false });
});
afterAll(() => apps[Symbol.dispose]());

/** A base image that no registry is asked for: the machine's static busybox. */
const dockerfile = `FROM scratch AS base
COPY busybox /bin/busybox
RUN ["/bin/busybox", "--install", "-s", "/bin"]

FROM base
ARG EDITION=free
WORKDIR /srv/site
COPY passwd /etc/passwd
COPY page.html .
RUN echo "edition $EDITION" > edition.txt
ENV GREETING=hello
EXPOSE 8080
USER web
CMD ["sh", "-c", "printf '%s' \\"$GREETING $(id -u) $HOME $(ls /work /root 2>/dev/null | wc -l)\\" > facts.txt; exec httpd -f -p 127.0.0.1:$PORT"]
`;

function imageApp(files: Record<string, string>): string {
  const source = apps.newApp({
    passwd: "root:x:0:0::/root:/bin/sh\nweb:x:1000:1000::/home/web:/bin/sh\n",
    "page.html": "from an image",
    ...files,
  });
  for (const folder of ["", ...Object.keys(files).map(dirname)].filter((name) => name === "" || name === "web")) {
    mkdirSync(join(source, folder), { recursive: true });
    copyFileSync("/bin/busybox", join(source, folder, "busybox"));
  }
  return source;
}

test("a Dockerfile is built, and its command runs on the files of the image alone", { timeout: 300_000 }, async () => {
  const manifest = await apps.built(imageApp({ Dockerfile: dockerfile }), { env: { EDITION: "pro" } });
  expect(manifest.plan).toMatchObject({ kind: "dockerfile", port: 8080, env: { run: { GREETING: "hello" } } });
  const root = await apps.unpack(manifest);
  expect(readlinkSync(join(root, "bin", "sh"))).toBe("busybox");
  expect(readFileSync(join(root, "srv/site/edition.txt"), "utf8")).toBe("edition pro\n");
  expect(await apps.request(manifest, "/page.html")).toMatchObject({ status: 200, body: "from an image" });
  expect(await apps.request(manifest, "/facts.txt")).toMatchObject({ body: "hello 1000 /home/web 0" });
});

test("a compose file's service is built from its folder and started by its command", { timeout: 300_000 }, async () => {
  const compose = `services:
  web:
    build: { context: web, target: base }
    command: httpd -f -p 127.0.0.1:\${PORT} -h /site
  db: { image: "postgres:17" }
`.replace("${PORT}", "$PORT");
  const web =
    'FROM scratch AS base\nCOPY busybox /bin/busybox\nRUN ["/bin/busybox", "--install", "-s", "/bin"]\nCOPY page.html /site/index.html\nFROM missing-image\n';
  const source = imageApp({ "compose.yaml": compose, "web/Dockerfile": web, "web/page.html": "from compose" });
  expect(await apps.request(await apps.built(source), "/")).toMatchObject({ body: "from compose" });
});

test("a Dockerfile that fails is told by its line, and leaves nothing mounted", { timeout: 300_000 }, async () => {
  const { result, log } = await apps.build(
    imageApp({ Dockerfile: dockerfile.replace("RUN echo", "RUN no-such-program; echo no && false #") }),
  );
  expect(result.ok).toBe(false);
  expect(log.join("\n")).toContain("no-such-program");
  expect(readFileSync("/proc/self/mounts", "utf8")).not.toContain(apps.folder);
});
