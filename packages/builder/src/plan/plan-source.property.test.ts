import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { planSource } from "./plan-source.ts";

let home: string;
let outside: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "plan-links-"));
  outside = join(home, "outside");
  for (const [path, text] of Object.entries(secrets)) {
    mkdirSync(dirname(join(outside, path)), { recursive: true });
    writeFileSync(join(outside, path), text);
  }
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Files that a planner would read, each with a word that must never come out of it. */
const secrets: Readonly<Record<string, string>> = {
  "package.json": '{"scripts":{"start":"node canary.js","build":"canary"},"dependencies":{"express":"5"}}',
  Procfile: "web: canary\nrelease: canary\n",
  Dockerfile: 'FROM scratch\nCMD ["canary"]\n',
  "go.mod": "module canary\n\ngo 1.22\n",
  "main.go": 'package main\n\nimport "net/http"\n\nfunc main() { http.ListenAndServe(":1", nil) } // canary\n',
  "Cargo.toml": '[package]\nname = "canary"\n',
  "requirements.txt": "canary==1\nflask\n",
  "app.py": "from flask import Flask\ncanary = Flask(__name__)\n",
  "pom.xml": "<project><artifactId>canary</artifactId></project>",
  "cloudsmith.json": '{"start":"canary"}',
  "compose.yaml": "services: { canary: { build: ., ports: [80] } }\n",
  Gemfile: "gem 'canary'\ngem 'sinatra'\n",
  "index.php": "canary",
  "render.yaml": "services: [{ type: web, startCommand: canary }]\n",
  ".env.example": "CANARY=1\n",
  "src/main.rs": "fn main() {} // canary\n",
};

const name = fc.constantFrom(...Object.keys(secrets), "src", "cmd", "public", "apps");
const folder = fc.constantFrom("", "apps/web/", "src/", "cmd/x/");

test("links that leave the folder are not followed, whatever they are called", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.tuple(folder, name), { maxLength: 8 }),
      fc.boolean(),
      async (links, absolute) => {
        const root = mkdtempSync(join(home, "t-"));
        for (const [below, file] of links) {
          const from = join(root, below, file);
          mkdirSync(dirname(from), { recursive: true });
          const target = file in secrets ? join(outside, file) : outside;
          try {
            symlinkSync(
              absolute
                ? target
                : join("..".concat("/..".repeat(below.split("/").length - 1)), target.slice(home.length + 1)),
              from,
            );
          } catch {
            // Another link, or a folder, has that name already.
          }
        }
        for (const dir of ["", "apps/web", "src", "apps"])
          expect(
            JSON.stringify(await planSource({ root, dir }))
              .toLowerCase()
              .replaceAll(/t-\w+/g, ""),
          ).not.toContain("canary");
        rmSync(root, { recursive: true });
      },
    ),
    { numRuns: 60 },
  );
});
