import { tempDir } from "@cloudsmith/testkit";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { plistText, systemdText, taskXml } from "./autostart-files.ts";

/** Reads something with a library that is not ours; gives what it understood, as JSON. */
function python(program: string, input: string): unknown {
  return JSON.parse(execFileSync("python3", ["-c", program], { input, encoding: "utf8" }));
}

const oddArguments = ["--data", '/home/ann/My Apps & <stuff>/100% $HOME/it\'s "here"\\x'];

it("systemd accepts the unit, and would start exactly this command", async () => {
  await using dir = await tempDir();
  const folder = dir.file("a b%n $HOME");
  mkdirSync(folder);
  const program = `${folder}/node`;
  writeFileSync(program, "#!/bin/sh\n");
  chmodSync(program, 0o755);
  const unit = dir.file("cloudsmith-agent.service");
  const text = systemdText([program, ...oddArguments]);
  writeFileSync(unit, text);
  // It says nothing about a unit in which everything is known and whose program is there; output goes to stderr.
  const said = execFileSync("sh", ["-c", 'systemd-analyze verify --user --man=no "$1" 2>&1', "sh", unit], {
    encoding: "utf8",
    env: { ...process.env, XDG_RUNTIME_DIR: dir.path },
  });
  expect(said.split("\n").filter((line) => line.includes("cloudsmith-agent"))).toEqual([]);
  // Stopping it must leave keeper and apps alone, and a second agent is no failure to try again.
  expect(text).toContain("KillMode=process");
  expect(text).toContain("RestartPreventExitStatus=75");
});

it("a unit that systemd does not accept is told apart", async () => {
  await using dir = await tempDir();
  const unit = dir.file("cloudsmith-agent.service");
  writeFileSync(unit, systemdText(["/not/there/node"]).replace("KillMode=process", "KillMode=some"));
  const run = (): string =>
    execFileSync("sh", ["-c", 'systemd-analyze verify --user --man=no "$1" 2>&1 || true', "sh", unit], {
      encoding: "utf8",
      env: { ...process.env, XDG_RUNTIME_DIR: dir.path },
    });
  expect(run()).toMatch(/KillMode|not executable/);
});

it("the launch agent is a property list with the command as it is", () => {
  const parsed = python(
    "import plistlib,sys,json; print(json.dumps(plistlib.loads(sys.stdin.buffer.read())))",
    plistText("dev.cloudsmith.agent", ["/usr/local/bin/node", ...oddArguments]),
  );
  expect(parsed).toEqual({
    Label: "dev.cloudsmith.agent",
    ProgramArguments: ["/usr/local/bin/node", ...oddArguments],
    RunAtLoad: true,
    AbandonProcessGroup: true,
  });
});

it("the task runs the command for as long as it likes, on battery too, and once", () => {
  const program = String.raw`C:\Program Files\node & co\node.exe`;
  const parsed = python(
    `import sys, json, re
import xml.etree.ElementTree as tree
root = tree.fromstring(re.sub(r"^<\\?xml[^>]*>", "", sys.stdin.read()))
name = lambda each: each.tag.split("}")[1]
print(json.dumps({name(each): each.text for each in root.iter() if len(each) == 0}))`,
    taskXml(String.raw`OFFICE\Ann & Bob`, [program, "--data", String.raw`C:\Users\Ann\App Data\\`, 'a "b"']),
  );
  expect(parsed).toMatchObject({
    Command: program,
    Arguments: String.raw`"--data" "C:\Users\Ann\App Data\\\\" "a \"b\""`,
    UserId: String.raw`OFFICE\Ann & Bob`,
    ExecutionTimeLimit: "PT0S",
    DisallowStartIfOnBatteries: "false",
    MultipleInstancesPolicy: "IgnoreNew",
  });
});
