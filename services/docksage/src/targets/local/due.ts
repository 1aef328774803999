import type { EnvironmentKey } from "../target.ts";

/** What has to be looked at: everything, or some environments. */
export interface DueWork {
  readonly all: boolean;
  readonly some: readonly EnvironmentKey[];
}

/** Gathers what has to be looked at until somebody does. */
export class Due {
  #all = false;
  readonly #some = new Map<string, EnvironmentKey>();

  /** Without an environment: everything. */
  add(environment: EnvironmentKey | undefined): void {
    if (environment === undefined) this.#all = true;
    else this.#some.set(environment.id, environment);
  }

  get isEmpty(): boolean {
    return !this.#all && this.#some.size === 0;
  }

  take(): DueWork {
    const work = { all: this.#all, some: this.#all ? [] : [...this.#some.values()] };
    this.#all = false;
    this.#some.clear();
    return work;
  }

  /** What could not be done is due again. */
  giveBack({ all, some }: DueWork): void {
    if (all) this.add(undefined);
    for (const environment of some) this.add(environment);
  }
}
