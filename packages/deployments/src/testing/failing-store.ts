import { CloudSmithError } from "@cloudsmith/contracts";
import type { Commit, SystemStore } from "@cloudsmith/store";

/** A real store whose disk can be made full: commits that `isFull` picks are refused as a full disk refuses them. */
export function failingStore(store: SystemStore): SystemStore & { isFull: (commit: Commit) => boolean } {
  const failing = {
    isFull: (_commit: Commit): boolean => false,
    get: store.get.bind(store),
    list: store.list.bind(store),
    scan: store.scan.bind(store),
    outbox: store.outbox,
    close: () => store.close(),
    commit(commit: Commit): Promise<void> {
      if (failing.isFull(commit)) return Promise.reject(new CloudSmithError("disk-full", "The disk is full"));
      return store.commit(commit);
    },
  };
  return failing;
}
