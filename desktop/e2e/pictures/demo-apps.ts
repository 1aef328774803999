import type { Files } from "./demo-repository.ts";

// What the apps of the pictures are made of: small servers without dependencies that print what real ones do.

const paint = (code: number) => (text: string) => `\u001B[${code}m${text}\u001B[0m`;
const [green, cyan, dim, yellow, red] = [paint(32), paint(36), paint(2), paint(33), paint(31)] as const;

/** A build that prints these lines, some milliseconds apart, and ends with this code. */
function script(lines: readonly string[], { code = 0, everyMs = 12 } = {}): string {
  return `const lines = ${JSON.stringify(lines)};
const timer = setInterval(() => {
  const line = lines.shift();
  if (line !== undefined) return console.log(line);
  clearInterval(timer);
  process.exitCode = ${code};
}, ${everyMs});
`;
}

const parts = ["button", "cart-drawer", "price", "product-card", "search-box", "rating", "header", "footer"];
const routes = ["index", "cart", "checkout", "products/[slug]", "account/orders", "search", "admin/inventory"];
const components = Array.from({ length: 32 }, (_, n) => {
  const name = parts[n % parts.length] ?? "";
  return `${dim("transform")} src/components/${name}${n < parts.length ? "" : `-${Math.floor(n / parts.length)}`}.tsx`;
});

const started = [`${cyan("storefront")} ${dim("v2.14.0")} building for production`, ...components];

const goodBuild = [
  ...started,
  `${green("✓")} 1,204 modules transformed`,
  yellow("warning: 2 images have no width and height: hero.jpg, team.jpg"),
  ...routes.map((route, n) => {
    const size = (share: number) => `${(n * share + 1.4).toFixed(1)} kB`;
    return `dist/${route.padEnd(20)} ${cyan(size(7.3).padStart(8))} ${dim(`gzip ${size(2.1)}`)}`;
  }),
  `${green("✓")} built in 3.42s`,
];

const typeError = [
  ...started.slice(0, 14),
  `${red("src/checkout/total.ts")}:${yellow("42")}:${yellow("17")} - ${red("error")} TS2322: Type 'string' is not assignable to type 'number'.`,
  "",
  `${dim("42")}   const total: number = cart.total.toFixed(2);`,
  `${dim("  ")}         ${red("~~~~~")}`,
  "",
  "Found 1 error in src/checkout/total.ts:42",
];

const warningsAsErrors = [
  "Creating an optimized production build...",
  "",
  "Treating warnings as errors because process.env.CI = true.",
  "Most CI servers set it automatically.",
  "",
  "Failed to compile.",
  "",
  "[eslint]",
  "src/pages/pricing.js",
  "  Line 12:7:  'annual' is assigned a value but never used  no-unused-vars",
];

/** A server that answers, prints its requests and fails on some. */
const shop = `const http = require("node:http");
const version = require("./version.json");
http.createServer((request, response) => {
  const started = performance.now();
  const fails = request.url === "/api/rates";
  response.statusCode = fails ? 502 : 200;
  response.end(fails ? "No rates" : "<!doctype html><title>Storefront " + version + "</title><h1>Storefront</h1>");
  const took = (performance.now() - started + 3).toFixed(1);
  console.log(request.method + " " + request.url + " " + response.statusCode + " " + took + "ms");
  if (fails) console.error("Error: the rates service answered 503\\n    at fetchRates (server.js:24:11)");
}).listen(process.env.PORT, () => console.log("Storefront " + version + " listens on " + process.env.PORT));
`;

const plain = `require("node:http").createServer((_, response) => response.end("hello")).listen(process.env.PORT, () => console.log("ready"));`;

function nodeApp(name: string, buildScript: string, server = plain): Files {
  const scripts = { build: "node build.js", start: "node server.js" };
  return {
    "package.json": JSON.stringify({ name, scripts }),
    "cloudsmith.json": JSON.stringify({ install: null }),
    "build.js": buildScript,
    "server.js": server,
  };
}

const version = (text: string): Files => ({ "version.json": JSON.stringify(text) });

export const storefront = {
  first: { ...nodeApp("storefront", script(goodBuild), shop), ...version("2.12") },
  second: version("2.13"),
  broken: { ...version("2.14"), "build.js": script(typeError, { code: 2 }) },
  mended: { "build.js": script(goodBuild), ".env.example": "API_URL=\nSTRIPE_SECRET_KEY=\nSENTRY_DSN=\n" },
} as const satisfies Record<string, Files>;

export const marketing = nodeApp(
  "marketing-site",
  `if (process.env.CI === "false") console.log("Compiled with warnings.");\nelse {\n${script(warningsAsErrors, { code: 1 })}}`,
);

/** Its build goes on for as long as pictures are taken. */
export const resizer = nodeApp(
  "image-resizer",
  `let n = 0;
setInterval(() => console.log("\\u001B[32mcompiling\\u001B[0m pipeline/stage-" + n++ + ".ts"), 400);`,
);

/** Answers, then fails again and again. */
export const worker = nodeApp(
  "search-indexer",
  script(["indexing schema compiled"]),
  `${plain}
setTimeout(() => { throw new Error("connect ECONNREFUSED 127.0.0.1:6379"); }, 4000);`,
);

export const billing = nodeApp("billing-api", script(["compiled 84 files"]));

export const handbook: Files = {
  "index.html": "<!doctype html><title>Handbook</title><h1>Handbook</h1>",
  "onboarding.html": "<!doctype html><title>Onboarding</title>",
};
