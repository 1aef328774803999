import { newId, type Deployment, type Environment, type Job, type Project, type Release } from "@cloudsmith/contracts";
import { openSqliteStore, type Stored, type SystemStore } from "@cloudsmith/store";
import { tempDir } from "@cloudsmith/testkit";
import { requestDeployment, type DeploymentRequest } from "../request.ts";

/** A clock that stands still until it is moved. */
export class TestClock {
  #ms = Date.parse("2030-01-01T00:00:00.000Z");
  readonly now = (): Date => new Date(this.#ms);
  advance(seconds: number): void {
    this.#ms += seconds * 1000;
  }
}

/** A real store in a temporary folder with one project and its production environment. */
export class World implements AsyncDisposable {
  readonly clock = new TestClock();
  readonly store: SystemStore;
  readonly project: Project;
  readonly #environmentId: string;
  readonly #remove: () => Promise<void>;

  private constructor(store: SystemStore, project: Project, environmentId: string, remove: () => Promise<void>) {
    this.store = store;
    this.project = project;
    this.#environmentId = environmentId;
    this.#remove = remove;
  }

  static async open(): Promise<World> {
    const dir = await tempDir();
    const store = openSqliteStore({ file: dir.file("store.sqlite") });
    const teamId = newId("team");
    const project = testProject(teamId);
    const environment = testEnvironment(project);
    await store.commit({
      puts: [
        { entity: "project", value: project, if: "absent" },
        { entity: "environment", value: environment, if: "absent" },
      ],
    });
    return new World(store, project, environment.id, async () => {
      await store.close();
      await dir[Symbol.asyncDispose]();
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#remove();
  }

  get teamId(): string {
    return this.project.teamId;
  }

  async environment(): Promise<Stored<"environment">> {
    return found(await this.store.get("environment", { teamId: this.teamId, id: this.#environmentId }));
  }

  async changeEnvironment(change: Partial<Environment>): Promise<void> {
    const { value, version } = await this.environment();
    await this.store.commit({ puts: [{ entity: "environment", value: { ...value, ...change }, if: { version } }] });
  }

  async deployment(id: string): Promise<Stored<"deployment">> {
    return found(await this.store.get("deployment", { teamId: this.teamId, id }));
  }

  async job(id: string): Promise<Job | undefined> {
    return (await this.store.get("job", { teamId: this.teamId, id }))?.value;
  }

  /** Puts a deployment into a state as if it had gone there by itself. */
  async put(id: string, change: Partial<Deployment>): Promise<Stored<"deployment">> {
    const { value, version } = await this.deployment(id);
    await this.store.commit({ puts: [{ entity: "deployment", value: { ...value, ...change }, if: { version } }] });
    return this.deployment(id);
  }

  async request(options: Partial<DeploymentRequest> = {}): Promise<Deployment> {
    const environment = (await this.environment()).value;
    return requestDeployment(
      this.store,
      {
        project: this.project,
        environment,
        trigger: "manual",
        requestedBy: { type: "user", id: "user_test", name: "Ada" },
        ...options,
      },
      this.clock.now,
    );
  }

  /** A deployment in `verifying` and its release, ready to go live. */
  async candidate(): Promise<{ deployment: Stored<"deployment">; release: Stored<"release"> }> {
    const requested = await this.request();
    const release = testRelease(requested);
    await this.store.commit({ puts: [{ entity: "release", value: release, if: "absent" }] });
    const deployment = await this.put(requested.id, { state: "verifying", releaseId: release.id, artifact: digest });
    return { deployment, release: { value: release, version: 1 } };
  }

  async timeline(id: string): Promise<string[]> {
    const page = await this.store.list("timelineOfDeployment", { teamId: this.teamId, deploymentId: id });
    return page.items.map((item) => item.value.message);
  }
}

export const digest = `sha256:${"a".repeat(64)}`;

export function testProject(teamId: string): Project {
  return {
    id: newId("project"),
    teamId,
    name: "shop",
    source: { type: "folder", path: "/src/shop", dir: "" },
    settings: {},
    credential: null,
    state: "active",
    createdAt: "2030-01-01T00:00:00.000Z",
  };
}

export function testEnvironment(project: Project): Environment {
  return {
    id: newId("environment"),
    teamId: project.teamId,
    projectId: project.id,
    name: "production",
    host: "shop",
    target: "local",
    sequence: 0,
    live: null,
    desired: "running",
    automaticDeployments: "on",
    variables: {},
    secrets: {},
    createdAt: project.createdAt,
  };
}

export function testRelease(deployment: Deployment): Release {
  const at = deployment.createdAt;
  const { teamId, projectId, environmentId, sequence, snapshotId } = deployment;
  return {
    id: newId("release"),
    teamId,
    projectId,
    environmentId,
    deploymentId: deployment.id,
    sequence,
    artifact: digest,
    snapshotId,
    serve: { type: "process", start: { argv: ["node", "server.js"] } },
    desired: "running",
    prepared: true,
    exclusive: false,
    observed: { state: "healthy", at, port: 1, restarts: 0, detail: null, url: null, plainUrl: null },
    retiredAt: null,
    createdAt: at,
  };
}

/** The value that must be there. */
export function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("it is not there");
  return value;
}
