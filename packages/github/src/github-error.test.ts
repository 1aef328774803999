import { expect, test } from "vitest";
import { gitHubError, refusalOf, type Refusal } from "./github-error.ts";
import { lastPage } from "./read-pages.ts";
import { gitHubServer } from "./servers.ts";

const now = new Date("2030-01-01T12:00:00Z");
const web = "https://github.com";
const refused = (refusal: Partial<Refusal>) =>
  gitHubError({ status: 403, headers: {}, message: "", ...refusal }, { web, now });

test.each([
  ["no answer", { status: null, message: "ECONNREFUSED" }, "github-unreachable"],
  ["an error of GitHub's", { status: 502 }, "github-unreachable"],
  ["a token that is not known any more", { status: 401 }, "github-signed-out"],
  ["a single sign-on", { headers: { "x-github-sso": `required; url=${web}/orgs/acme/sso?x=1` } }, "github-restricted"],
  ["a missing permission", { message: "Resource not accessible by personal access token" }, "github-refused"],
  ["what is not there", { status: 404 }, "not-found"],
  ["anything else", { status: 422, message: "Validation Failed" }, "github-refused"],
] as const)("%s has a code, a reason and something to do", (_, refusal, code) => {
  const error = refused(refusal);
  expect(error).toMatchObject({ code, why: expect.any(String), fix: expect.any(String) });
});

test("an hour's limit is told by the time at which it ends, a limit of too many at once by its seconds", () => {
  const reset = String(now.getTime() / 1000 + 600);
  const primary = refused({ headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset } });
  expect(primary).toMatchObject({
    code: "rate-limited",
    waitMs: 600_000,
    message: expect.stringMatching(/until \d\d:\d\d$/),
  });
  expect(refused({ status: 429, headers: { "retry-after": "7" } })).toMatchObject({
    code: "rate-limited",
    waitMs: 7000,
  });
  expect(refused({ message: "You have exceeded a secondary rate limit." })).toMatchObject({ waitMs: 60_000 });
});

test("an address that comes with a refusal is shown only where it is GitHub's own", () => {
  const evil = refused({ headers: { "x-github-sso": "required; url=https://evil.example/sso" } });
  expect(evil.url).toBeNull();
  expect(JSON.stringify(evil)).not.toContain("evil");
});

test("nothing of the request is in what is made of an error", () => {
  const thrown = Object.assign(new Error("Bad"), {
    status: 400,
    request: { body: { client_secret: "canary" }, headers: { authorization: "token canary" } },
    response: { status: 400, headers: {}, data: { message: "Bad" }, url: "https://x/canary" },
  });
  const error = gitHubError(refusalOf(thrown), { web, now });
  expect(JSON.stringify([error, error.cause, error.stack])).not.toContain("canary");
});

test("the last page is read from the Link header", () => {
  expect(lastPage('<https://x/?per_page=100&page=2>; rel="next", <https://x/?page=41&per_page=100>; rel="last"')).toBe(
    41,
  );
  expect(lastPage('<https://x/?page=1>; rel="first"')).toBeUndefined();
  expect(lastPage(undefined)).toBeUndefined();
});

test("the API of a GitHub is found by the address of its pages", () => {
  expect(gitHubServer("https://github.com/").api).toBe("https://api.github.com");
  expect(gitHubServer("https://octo.ghe.com").api).toBe("https://api.octo.ghe.com");
  expect(gitHubServer("https://git.example.com").api).toBe("https://git.example.com/api/v3");
  for (const bad of ["http://git.example.com", "git.example.com", "https://git.example.com/x", "file:///etc"])
    expect(() => gitHubServer(bad)).toThrow(expect.objectContaining({ code: "invalid-input" }));
});
