let users = 0;

/** Holds the caches of this process as they are: what a build reads from is not trimmed while it runs. */
export function useCaches(): Disposable {
  users += 1;
  let held = true;
  return {
    [Symbol.dispose]() {
      if (held) users -= 1;
      held = false;
    },
  };
}

export function cachesInUse(): boolean {
  return users > 0;
}
