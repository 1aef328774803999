import { CloudSmithError } from "@cloudsmith/contracts";
import type { CommitItem } from "./commit-items.ts";

/** The error of a commit whose condition on `item` did not hold. `version` is the one found, where the adapter knows it. */
export function conflict(item: CommitItem, version?: number | "absent"): CloudSmithError {
  const wanted = typeof item.condition === "string" ? item.condition : `at version ${item.condition.version}`;
  const found = version === undefined ? "not" : version === "absent" ? "absent, not" : `at version ${version}, not`;
  return new CloudSmithError("conflict", "Somebody else changed this at the same moment", {
    why: `${item.entity} ${item.key.sk} is ${found} ${wanted}`,
    fix: "Look at it again and repeat",
  });
}
