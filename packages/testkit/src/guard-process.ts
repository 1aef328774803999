// Runs the program in its arguments until it ends or standard input closes, which also happens when the process that started this one is killed.
import { spawn } from "node:child_process";

const [command, ...args] = process.argv.slice(2);
if (command === undefined) throw new Error("Say which program to guard");
const isWindows = process.platform === "win32";
// On POSIX a process group of its own, so that one signal reaches its children too.
const program = spawn(command, args, { detached: !isWindows, stdio: ["ignore", "inherit", "inherit"] });

function killAll(): void {
  if (program.pid === undefined || program.exitCode !== null || program.signalCode !== null) return;
  if (isWindows) spawn("taskkill", ["/pid", String(program.pid), "/T", "/F"], { stdio: "ignore" });
  else process.kill(-program.pid, "SIGKILL");
}

program.once("error", (error) => {
  process.stderr.write(`${command}: ${error.message}\n`);
  process.exit(127);
});
program.once("exit", (code) => process.exit(code ?? 1));
process.stdin.once("close", killAll).resume();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, killAll);
