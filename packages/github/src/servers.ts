import { CloudSmithError, type GitHubServer } from "@cloudsmith/contracts";

/** The GitHub of everybody. */
export const gitHubDotCom: GitHubServer = { web: "https://github.com", api: "https://api.github.com" };

/**
 * A GitHub by the address of its pages: github.com, one with data residency (`https://name.ghe.com`) or a GitHub Enterprise Server, whose API is below
 * `/api/v3`, https://docs.github.com/en/enterprise-server/rest/using-the-rest-api/getting-started-with-the-rest-api. Throws `invalid-input`.
 */
export function gitHubServer(address: string): GitHubServer {
  const url = URL.parse(address);
  const loopback = url !== null && ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  if (url === null || !(url.protocol === "https:" || (url.protocol === "http:" && loopback)) || url.pathname !== "/") {
    throw new CloudSmithError("invalid-input", `${JSON.stringify(address)} is not the address of a GitHub`, {
      fix: "Set CLOUDSMITH_GITHUB_URL to an address such as https://github.example.com",
    });
  }
  if (url.hostname === "github.com" || url.hostname === "www.github.com") return gitHubDotCom;
  const web = url.origin;
  const api = url.hostname.endsWith(".ghe.com") ? `https://api.${url.host}` : `${web}/api/v3`;
  return { web, api };
}
