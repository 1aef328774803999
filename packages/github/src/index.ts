export { GitHubAccess, serverOf, type Access, type GitHubContext } from "./access.ts";
export {
  appSecretsOf,
  changeCredential,
  clientOf,
  clientType,
  findCredential,
  instant,
  keepAuthorization,
  keepSecret,
  tokensOf,
  type AppSecrets,
  type CredentialContext,
  type CredentialKey,
} from "./credentials.ts";
export { GitHubError } from "./github-error.ts";
export { authorizeUrl, exchangeCode, newPkce, revokeToken, type OAuthClient } from "./oauth.ts";
export { octokitFor, parseAnswer, type CallLimits } from "./octokit.ts";
export { lastPage } from "./read-pages.ts";
export { RepositoryLists, type ListPart, type ListProblem } from "./repository-lists.ts";
export { getRepository, gitAccess, listBranches, type GitAccess, type ListedBranch } from "./repository.ts";
export type { ListedRepository } from "./repository-view.ts";
export { ConvertedApp, Installations, User } from "./schemas.ts";
export { gitHubDotCom, gitHubServer } from "./servers.ts";
