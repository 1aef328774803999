// `npm run deploy -- X`, `npm start`, `npm run cloudsmith -- …`: sets up what is missing, then is the command line itself.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { root, setUp, tell } from "./setup.mjs";

/** Runs the command line from the sources; answers its exit code. */
async function run(args) {
  const node = await setUp("run");
  const child = spawn(
    node,
    ["--disable-warning=ExperimentalWarning", join(root, "agent", "src", "cli", "main.ts"), ...args],
    {
      // npm runs scripts at the root of the checkout; a path is meant from where the person stands.
      cwd: process.env.INIT_CWD ?? process.cwd(),
      stdio: "inherit",
      env: { ...process.env, CLOUDSMITH_RUN_AS: runAs() },
    },
  );
  // Ctrl-C on a terminal reaches the child by itself, and twice would mean something else; other signals are passed on.
  process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(code ?? 128 + (signal === "SIGINT" ? 2 : 15)));
  });
}

/** How help and hints should name the command: as the person can type it. */
function runAs() {
  return process.env.npm_lifecycle_event === undefined ? "node scripts/run.mjs" : "npm run cloudsmith --";
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  tell(error);
  process.exitCode = 3;
}
