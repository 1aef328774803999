import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { SourceRef } from "@cloudsmith/contracts";
import type { GitHubDouble } from "@cloudsmith/testkit";

const run = promisify(execFile);

export type Files = Readonly<Record<string, string>>;

/** A repository with a history, at the GitHub double. */
export class DemoRepository {
  readonly #folder: string;
  readonly #branches = new Map<string, string>();
  readonly #double: GitHubDouble;
  readonly name: string;
  id = 0;

  constructor(double: GitHubDouble, folder: string, name: string) {
    this.#double = double;
    this.#folder = folder;
    this.name = name;
  }

  /** Writes the files and commits them as one of the team. */
  async commit(message: string, author: string, files: Files): Promise<void> {
    for (const [file, content] of Object.entries(files)) {
      await mkdir(dirname(join(this.#folder, file)), { recursive: true });
      await writeFile(join(this.#folder, file), content);
    }
    if (this.id === 0) await this.#git(author, "init", "--quiet", "--initial-branch=main");
    await this.#git(author, "add", "--all");
    await this.#git(author, "commit", "--quiet", `--message=${message}`);
    this.#branches.set("main", (await this.#git(author, "rev-parse", "HEAD")).trim());
    this.id ||= this.#double.world.addRepository(this.name, {
      folder: join(this.#folder, ".git"),
      branches: this.#branches,
      pushedAt: new Date().toISOString(),
    }).id;
  }

  get source(): SourceRef {
    const { name, id } = this;
    return { type: "github", server: this.#double.bases.web, repository: id, name, ref: null, dir: "" };
  }

  async #git(author: string, ...args: string[]): Promise<string> {
    const email = `${author.toLowerCase().replaceAll(" ", ".")}@example.com`;
    const who = ["-c", `user.name=${author}`, "-c", `user.email=${email}`];
    return (await run("git", ["-C", this.#folder, ...who, ...args])).stdout;
  }
}
