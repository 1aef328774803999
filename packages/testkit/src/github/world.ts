import { randomBytes } from "node:crypto";

/** Someone or some organization at the double. */
export interface Owner {
  readonly id: number;
  readonly login: string;
  readonly type: "User" | "Organization";
  /** Logins of an organization's members. */
  readonly members: Set<string>;
  /** OAuth apps that its owner has not approved see nothing of it. */
  restrictsApps: boolean;
  /** Tokens that have not made its single sign-on see nothing of it. */
  requiresSso: boolean;
}

export interface Repository {
  readonly id: number;
  owner: Owner;
  name: string;
  private: boolean;
  archived: boolean;
  fork: boolean;
  language: string | null;
  description: string | null;
  defaultBranch: string;
  /** ISO 8601; null of an empty one. */
  pushedAt: string | null;
  /** A bare Git repository on disk; null where only its name is needed. */
  folder: string | null;
  /** Heads by name; those of a folder are read from it. */
  branches: Map<string, string>;
}

export interface App {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly owner: Owner;
  readonly client: OAuthClient;
  readonly setupUrl: string | null;
  readonly permissions: Readonly<Record<string, string>>;
  readonly pem: string;
  readonly webhookSecret: string | null;
}

export interface OAuthClient {
  readonly type: "app" | "oauth";
  readonly clientId: string;
  readonly clientSecret: string;
  readonly callbackUrls: readonly string[];
}

export interface Installation {
  readonly id: number;
  readonly app: App;
  readonly owner: Owner;
  /** Null: all of the owner's. */
  readonly repositories: Set<number> | null;
  suspended: boolean;
}

export interface Token {
  readonly value: string;
  readonly user: Owner;
  readonly kind: "app-user" | "oauth" | "fine-grained";
  readonly client: OAuthClient | null;
  readonly scopes: readonly string[];
  readonly expiresAt: number | null;
  readonly refreshToken: string | null;
  /** Of a fine-grained one: what it may read; null is everything of its person. */
  readonly repositories: Set<number> | null;
  /** Of a fine-grained one: whether it may read files. */
  readonly contents: boolean;
  /** Organizations whose single sign-on was made with it. */
  readonly sso: Set<string>;
}

export const random = (bytes = 18): string => randomBytes(bytes).toString("hex");

let lastId = 1000;
export const nextId = (): number => (lastId += 7);

/** What there is at the double: people, organizations, repositories, apps and tokens. */
export class World {
  readonly owners = new Map<string, Owner>();
  readonly repositories = new Map<number, Repository>();
  readonly apps = new Map<string, App>();
  readonly clients = new Map<string, OAuthClient>();
  readonly installations: Installation[] = [];
  readonly tokens = new Map<string, Token>();

  addUser(login: string): Owner {
    return this.#owner(login, "User");
  }

  addOrganization(login: string, members: readonly string[]): Owner {
    const organization = this.#owner(login, "Organization");
    for (const member of members) organization.members.add(member);
    return organization;
  }

  #owner(login: string, type: Owner["type"]): Owner {
    const owner: Owner = { id: nextId(), login, type, members: new Set(), restrictsApps: false, requiresSso: false };
    this.owners.set(login, owner);
    return owner;
  }

  owner(login: string): Owner {
    const found = this.owners.get(login);
    if (found === undefined) throw new Error(`The GitHub double has nobody called ${login}`);
    return found;
  }

  addRepository(fullName: string, fields: Partial<Omit<Repository, "id" | "owner" | "name">> = {}): Repository {
    const [login = "", name = ""] = fullName.split("/");
    const repository: Repository = {
      id: nextId(),
      owner: this.owner(login),
      name,
      private: true,
      archived: false,
      fork: false,
      language: "TypeScript",
      description: null,
      defaultBranch: "main",
      pushedAt: "2026-01-02T03:04:05Z",
      folder: null,
      branches: new Map([["main", "a".repeat(40)]]),
      ...fields,
    };
    this.repositories.set(repository.id, repository);
    return repository;
  }

  named(login: string, name: string): Repository | undefined {
    return [...this.repositories.values()].find((each) => each.owner.login === login && each.name === name);
  }

  addToken(fields: Pick<Token, "user" | "kind"> & Partial<Token>): Token {
    const prefix = { "app-user": "ghu_", oauth: "gho_", "fine-grained": "github_pat_" }[fields.kind];
    const token: Token = {
      value: `${prefix}${random()}`,
      client: null,
      scopes: [],
      expiresAt: null,
      refreshToken: null,
      repositories: null,
      contents: true,
      sso: new Set(),
      ...fields,
    };
    this.tokens.set(token.value, token);
    return token;
  }

  /** What a person may see, whatever with. */
  #ofPerson(user: Owner): Repository[] {
    return [...this.repositories.values()].filter(({ owner }) => owner === user || owner.members.has(user.login));
  }

  /** Repositories that a token can list, and the organizations that keep theirs from it by a single sign-on. */
  visible(token: Token): { repositories: Repository[]; hiddenBySso: Owner[] } {
    const hiddenBySso = new Set<Owner>();
    const repositories = this.#ofPerson(token.user).filter((repository) => {
      const { owner } = repository;
      if (token.kind === "app-user") return this.#installed(token, repository) !== undefined;
      if (token.kind === "fine-grained") return token.repositories === null || token.repositories.has(repository.id);
      if (owner.restrictsApps) return false;
      if (owner.requiresSso && !token.sso.has(owner.login)) {
        hiddenBySso.add(owner);
        return false;
      }
      return !repository.private || token.scopes.includes("repo");
    });
    return { repositories, hiddenBySso: [...hiddenBySso] };
  }

  #installed(token: Token, { id, owner }: Repository): Installation | undefined {
    return this.installations.find(
      (each) =>
        each.app.client === token.client &&
        each.owner === owner &&
        !each.suspended &&
        (each.repositories === null || each.repositories.has(id)),
    );
  }

  installationsOf(token: Token): Installation[] {
    return this.installations.filter(
      ({ app, owner }) => app.client === token.client && (owner === token.user || owner.members.has(token.user.login)),
    );
  }
}
