import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseLink } from "./deep-link.ts";

const deployment = "dep_01k0abcdefghjkmnpqrstvwxyz";

test.each([
  ["cloudsmith://open", { type: "open" }],
  ["cloudsmith://signed-in", { type: "signed-in" }],
  ["cloudsmith://projects/shop", { type: "project", name: "shop" }],
  [`cloudsmith://deployments/${deployment}`, { type: "deployment", id: deployment }],
  [
    "cloudsmith://deploy?repository=https://github.com/acme/shop&ref=main&dir=apps/web",
    { type: "deploy", repository: "https://github.com/acme/shop", ref: "main", dir: "apps/web" },
  ],
])("%s is understood", (text, link) => {
  expect(parseLink(text)).toEqual(link);
});

test.each([
  "",
  "https://example.org/open",
  "cloudsmith://",
  "cloudsmith://unknown",
  "cloudsmith://open/more",
  "cloudsmith://user:secret@open",
  "cloudsmith://open:99",
  "cloudsmith://projects/..%2f..%2fetc",
  "cloudsmith://projects/shop/extra",
  "cloudsmith://deployments/prj_01k0abcdefgh",
  "cloudsmith://deploy",
  "cloudsmith://deploy?repository=http://github.com/acme/shop",
  "cloudsmith://deploy?repository=file:///etc",
  "cloudsmith://deploy?repository=https://user:token@github.com/acme/shop",
  "cloudsmith://deploy?repository=https://127.0.0.1/acme/shop",
  "cloudsmith://deploy?repository=https://localhost/acme/shop",
  "cloudsmith://deploy?repository=https://github.com:8443/acme/shop",
  "cloudsmith://deploy?repository=https://github.com/acme/shop&ref=--upload-pack=x",
  "cloudsmith://deploy?repository=https://github.com/acme/shop&ref=a..b",
  "cloudsmith://deploy?repository=https://github.com/acme/shop&dir=../..",
  `cloudsmith://projects/${"a".repeat(3000)}`,
])("%s is refused", (text) => {
  expect(parseLink(text)).toBeUndefined();
});

test("a query and a fragment of the repository never reach git", () => {
  const link = parseLink("cloudsmith://deploy?repository=https%3A%2F%2Fgithub.com%2Facme%2Fshop%3Fx%3D1%23y");
  expect(link).toMatchObject({ repository: "https://github.com/acme/shop" });
});

test("whatever comes, nothing is thrown and a repository is https without a password", () => {
  const query = fc
    .webUrl({ withQueryParameters: true })
    .map((url) => `cloudsmith://deploy?repository=${encodeURIComponent(url)}`);
  const anything = fc.oneof(
    fc.string(),
    fc.string().map((text) => `cloudsmith://${text}`),
    query,
  );
  fc.assert(
    fc.property(anything, (text) => {
      const link = parseLink(text);
      return link?.type !== "deploy" || /^https:\/\/[^@/]+\//.test(link.repository);
    }),
  );
});
