import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  chooseSystemProgram,
  fitting,
  linkPrograms,
  systemToolchains,
  type SystemToolchain,
} from "./system-toolchains.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "toolchains-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function row(name: string): SystemToolchain {
  const found = systemToolchains.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no row ${name}`);
  return found;
}

function choose(name: string, versions: readonly string[], range: string): string | undefined {
  const all = versions.map((version) => ({ version, path: `/x/${version}`, bin: "/x" }));
  return fitting(row(name), all, range)?.version;
}

test("a build that asks for a JDK gets that one, or the next; one that asks for none a usual one", () => {
  expect(choose("java", ["25.0.3", "21.0.1", "17.0.15", "11.0.2"], ">=17")).toBe("17.0.15");
  expect(choose("java", ["25.0.3", "17.0.15"], ">=21")).toBe("25.0.3");
  expect(choose("java", ["25.0.3", "17.0.15", "11.0.2"], "*")).toBe("17.0.15");
  expect(choose("java", ["11.0.2", "8.0.1"], "*")).toBe("11.0.2");
  expect(choose("java", ["11.0.2"], ">=17")).toBeUndefined();
});

test("other toolchains are the newest that fit", () => {
  expect(choose("go", ["1.26.8", "1.22.0"], ">=1.21")).toBe("1.26.8");
  expect(choose("python", ["3.13.1", "3.11.7"], "~3.11.0")).toBe("3.11.7");
});

test("links that are right are left alone, since builds and apps are using them", () => {
  const python = row("python");
  const bin = join(folder, "python", "bin");
  linkPrograms(python, { version: "3.11.7", path: "/bin/true", bin: "/bin" }, bin);
  const before = lstatSync(bin).ino;
  linkPrograms(python, { version: "3.11.7", path: "/bin/true", bin: "/bin" }, bin);
  expect(lstatSync(bin).ino).toBe(before);
  linkPrograms(python, { version: "3.11.7", path: "/bin/false", bin: "/bin" }, bin);
  expect(readlinkSync(join(bin, "python"))).toBe("/bin/false");
  expect(readdirSync(join(folder, "python"))).toEqual(["bin"]);
});

test("a toolchain that is installed, upgraded or removed while CloudSmith runs is seen", async () => {
  const bin = join(folder, "later", "bin");
  const place = (version: string): void => {
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, `later${version}`), `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });
  };
  vi.stubEnv("PATH", `${bin}:${process.env["PATH"] ?? ""}`);
  const later: SystemToolchain = {
    ...row("go"),
    name: "later",
    program: /^later\d/,
    ask: [["--version"]],
    read: (answer) => ({ version: answer.trim() }),
  };
  await expect(chooseSystemProgram(later, "*")).rejects.toMatchObject({ code: "toolchain-missing" });
  place("1.0.0");
  expect(await chooseSystemProgram(later, "*")).toMatchObject({ version: "1.0.0" });
  rmSync(join(bin, "later1.0.0"));
  place("1.0.1");
  expect(await chooseSystemProgram(later, "*")).toMatchObject({ version: "1.0.1" });
});

test.each(systemToolchains)("a machine without $name is told what to install", async (known) => {
  const missing = { ...known, name: `${known.name} (test)`, program: /^no-such-program$/ };
  await expect(chooseSystemProgram(missing, "*")).rejects.toMatchObject({
    code: "toolchain-missing",
    message: expect.stringContaining(known.name),
    fix: expect.stringMatching(/^Install /),
  });
});

test("rustup's toolchains beside its programs are found where HOME is another one", async () => {
  const person = join(folder, "person");
  const sysroot = join(person, ".rustup", "toolchains", "stable");
  mkdirSync(join(person, ".cargo", "bin"), { recursive: true });
  mkdirSync(join(sysroot, "bin"), { recursive: true });
  writeFileSync(
    join(person, ".cargo", "bin", "rustc"),
    `#!/bin/sh\n[ "$RUSTUP_HOME" -ef "${join(person, ".rustup")}" ] || exit 1\n[ "$1" = --version ] && echo "rustc 1.99.7 (x)" || echo "${sysroot}"\n`,
    { mode: 0o755 },
  );
  vi.stubEnv("HOME", join(folder, "nobody"));
  vi.stubEnv("RUSTUP_HOME", undefined);
  vi.stubEnv("PATH", `${join(person, ".cargo", "bin")}:${process.env["PATH"]}`);
  expect(await chooseSystemProgram(row("rust"), "1.99.7")).toMatchObject({
    version: "1.99.7",
    bin: join(sysroot, "bin"),
  });
});
