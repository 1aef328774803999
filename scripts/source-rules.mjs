// Rules about the source that neither the compiler nor the linter can say: who may import whom, and what never stands in a file.
// One row a rule; `node scripts/source-rules.mjs` prints each breach as path:line and exits with 1.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Which package may import which other ones of ours; one that is not named here imports none. */
const packageEdges = {
  contracts: [],
  store: ["contracts"],
  blobs: ["contracts"],
  logs: ["contracts"],
  secrets: ["contracts"],
  events: ["contracts", "store"],
  builder: ["contracts", "blobs", "logs"],
  deployments: ["contracts", "store", "events", "secrets"],
  github: ["contracts", "store", "secrets", "deployments"],
  testkit: ["contracts", "store", "blobs", "logs", "secrets", "events", "builder", "deployments"],
};
const packages = Object.keys(packageEdges).join("|");

const source = /^(packages|services|agent|desktop|bench|journeys)\/.*\.tsx?$/;
const tests = /(\.test\.ts|\/conformance\.ts|\/(conformance|testing|test|e2e)\/.*|\/test-[^/]*\.ts|global-setup\.ts)$/;
/** Apps that tests deploy; what stands in them is data. */
const fixture = /(^|\/)fixtures\//;
/** An import or re-export of a module whose name matches, also a dynamic one. */
const importOf = (name) => new RegExp(`(?:from|import|import\\()\\s*["'](?:${name})["'/]`);
const ours = (names) => `@cloudsmith/(?:${names})`;

/** @type {{ name: string, because: string, files: RegExp, except?: RegExp, forbid: RegExp }[]} */
const rules = [
  ...Object.entries(packageEdges).map(([name, allowed]) => ({
    name: `edges of packages/${name}`,
    because: `it may import ${allowed.join(", ") || "nothing of ours"} (tests: also testkit)`,
    files: new RegExp(`^packages/${name}/src/.*\\.ts$`),
    except: tests,
    forbid: importOf(`@cloudsmith/(?!(?:${[...allowed, name].join("|")})["'/])[a-z-]+`),
  })),
  {
    name: "packages never import up",
    because: "dependencies point down: desktop -> contracts; agent -> services -> packages",
    files: /^packages\//,
    forbid: importOf(`@cloudsmith/(?!(?:${packages})["'/])[a-z-]+`),
  },
  {
    name: "services import packages only",
    because: "services meet in the store and in events, never by import",
    files: /^services\//,
    forbid: importOf(`@cloudsmith/(?!(?:${packages})["'/])[a-z-]+`),
  },
  {
    name: "testkit stays in tests",
    because: "what ships must not carry test parts",
    files: /^(packages\/(?!testkit)|services|agent|desktop)/,
    except: tests,
    forbid: importOf(`${ours("testkit")}|vitest|fast-check`),
  },
  {
    name: "zod as a namespace",
    because: 'import * as z from "zod": by its name, z brings every locale into a bundle, 350 KB',
    files: source,
    forbid: /import (?:type )?(?:\{[^}]*\bz\b[^}]*\}|z) from "zod"/,
  },
  {
    name: "desktop knows contracts only",
    because: "it talks to the agent by the API",
    files: /^desktop\//,
    // Tests look at the agent from the outside as well.
    except: /^desktop\/e2e\//,
    forbid: importOf("@cloudsmith/(?!contracts)[a-z-]+"),
  },
  {
    name: "commands talk to the API",
    because: "whatever a command does must be possible for a UI too",
    files: /^agent\/src\/cli\//,
    except: tests,
    forbid: importOf("@cloudsmith/(?!contracts)[a-z-]+"),
  },
  {
    name: "packages are imported by name",
    because: "a relative path into another package goes around its exports",
    files: source,
    forbid: /(?:from|import\()\s*["'](?:\.\.\/){2,}(?:(?:packages|services|agent|desktop)\/|[a-z-]+\/src\/)/,
  },
  {
    name: "kafkajs in its adapter",
    because: "the library is not maintained any more; one folder has to change when it is replaced",
    files: source,
    except: /^packages\/(events\/src\/kafka|testkit\/)/,
    forbid: importOf("kafkajs"),
  },
  {
    name: "AWS SDK in adapters",
    because: "only adapters know a vendor",
    files: source,
    except:
      /^(packages\/(store\/src\/dynamo|blobs\/src\/s3|logs\/src\/s3|secrets\/src\/aws|testkit\/)|services\/docksage\/src\/targets\/ecs|agent\/src\/provision\/|services\/containerizer)/,
    forbid: importOf("@aws-sdk"),
  },
  {
    name: "adapters are chosen in compose",
    because:
      "only they and the entry of a process choose; everything else takes the port and does not know what is behind it",
    files: /^(agent|services)\//,
    except: new RegExp(`^agent/src/compose/|/main\\.ts$|${tests.source}`),
    forbid: /import\s+\{[^}]*\bopen(?:Sqlite|Dynamo|Embedded|Kafka|File|S3)\w*\b[^}]*\}\s+from/,
  },
  {
    name: "no shell",
    because: "a string that reaches a shell can be made to run something else; pass an argument array",
    files: /\.(ts|tsx|mjs)$/,
    except: /^scripts\/source-rules\.mjs$/,
    forbid: /\bshell:\s*(?:true|["'])/,
  },
  {
    name: "no address of a package registry",
    because: "the registry is the one that npm is configured for",
    files: /(^|\/)(package-lock\.json|\.npmrc)$/,
    forbid: /"resolved": "https?:|registry\s*=/,
  },
  {
    name: "no tests switched off",
    because: "a test that needs something missing fails, and a focused one hides the others",
    files: /\.test\.tsx?$/,
    forbid: /\b(?:it|test|describe)\.(?:only|skip|todo|fails)\b/,
  },
];

const root = fileURLToPath(new URL("..", import.meta.url));
const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
  maxBuffer: 1 << 28,
}).split("\0");

let breaches = 0;
for (const file of files) {
  const applying = rules.filter((rule) => rule.files.test(file) && !rule.except?.test(file) && !fixture.test(file));
  if (applying.length === 0) continue;
  const text = readIfThere(file);
  for (const rule of applying) {
    for (const match of text.matchAll(new RegExp(rule.forbid, "g"))) {
      breaches += 1;
      const line = text.slice(0, match.index).split("\n").length;
      console.error(`${file}:${line}  ${rule.name}: ${rule.because}`);
    }
  }
}
console.log(breaches === 0 ? `${rules.length} rules hold in ${files.length} files` : `${breaches} breaches`);
process.exitCode = breaches === 0 ? 0 : 1;

/** The text of a tracked file; one that was deleted and is not committed yet is empty. */
function readIfThere(file) {
  try {
    return readFileSync(`${root}/${file}`, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return "";
    throw error;
  }
}
