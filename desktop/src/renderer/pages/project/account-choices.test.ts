import { expect, test } from "vitest";
import { accountChoices } from "./account-choices.ts";

const github = {
  type: "github",
  server: "https://github.com",
  repository: 7,
  name: "a/b",
  ref: null,
  dir: "",
} as const;
const git = { type: "git", url: "https://git.example.org/a/b", ref: null, dir: "" } as const;
const account = (id: string, kind: "token" | "git-token" = "token", server = "https://github.com") => ({
  id,
  kind,
  server,
  name: id,
  state: "ready" as const,
});
const accounts = [account("mine"), account("other", "token", "https://ghe.example.org"), account("own", "git-token")];
const ids = (source: typeof github | typeof git, credential: string | null): string[] =>
  accountChoices({ source, credential }, accounts).map(({ type, id }) => `${type} ${id}`.trim());

test("a picked repository is read with an account of its own GitHub", () => {
  expect(ids(github, "mine")).toEqual(["account mine"]);
});

test("a Git address is read with any account, or with the person's own credentials", () => {
  expect(ids(git, null)).toEqual(["accountOwn", "account mine", "account other"]);
});

test("a token of the project alone, and an account that is gone, are named for what they are", () => {
  expect(ids(git, "own")[0]).toBe("accountToken own");
  expect(ids(github, "lost")).toEqual(["accountGone lost", "account mine"]);
});
