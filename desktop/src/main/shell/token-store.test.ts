import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { JsonFile } from "../json-file.ts";
import { StoredTokens, TokenStore, type KeyStore, type WithoutKeyStore } from "./token-store.ts";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "cloudsmith-tokens-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const turned = (text: string): string => text.split("").toReversed().join("");
const works: KeyStore = {
  isSafe: () => true,
  seal: (text) => Buffer.from(turned(text)),
  open: (sealed) => turned(sealed.toString()),
};
const none: KeyStore = { ...works, isSafe: () => false };
const broken: KeyStore = {
  ...works,
  open: () => {
    throw new Error("sealed by somebody else");
  },
};

function store(keys: KeyStore, choice?: WithoutKeyStore): TokenStore {
  const choose = async (): Promise<WithoutKeyStore> => {
    if (choice === undefined) throw new Error("nobody is asked");
    return choice;
  };
  return new TokenStore(new JsonFile(join(folder, "tokens.json"), StoredTokens, {}), keys, choose);
}
const onDisk = (): string => readFileSync(join(folder, "tokens.json"), "utf8");

test("with a key store a token comes back after a restart, and is not on disk as it is", async () => {
  await store(works).set("local", "secret-token");
  expect(onDisk()).not.toContain("secret-token");
  expect(store(works).get("local")).toBe("secret-token");
});

test("without one a person chooses: until the app quits", async () => {
  const kept = store(none, "until-quit");
  await kept.set("local", "secret-token");
  expect(kept.get("local")).toBe("secret-token");
  expect(store(none).get("local")).toBeUndefined();
});

test("or in a file that only they can read", async () => {
  await store(none, "plain-file").set("local", "secret-token");
  expect(store(none).get("local")).toBe("secret-token");
  expect(statSync(join(folder, "tokens.json")).mode & 0o077).toBe(0);
});

test("a token that the key store cannot open any more is as good as not there", async () => {
  await store(works).set("local", "secret-token");
  expect(store(broken).get("local")).toBeUndefined();
  expect(store(none).get("local")).toBeUndefined();
});

test("what is forgotten is gone from the disk", async () => {
  const kept = store(works);
  await kept.set("local", "secret-token");
  await kept.forget("local");
  expect(kept.get("local")).toBeUndefined();
  expect(onDisk().trim()).toBe("{}");
});
