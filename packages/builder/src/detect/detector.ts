import type { Failure } from "@cloudsmith/contracts";
import type { Draft } from "../plan/draft.ts";
import type { Settings } from "../plan/settings.ts";
import type { SourceTree } from "../plan/source-tree.ts";

export interface DetectContext {
  readonly tree: SourceTree;
  /** The app's folder; empty for the root. */
  readonly dir: string;
  readonly settings: Settings;
}

/** What a detector makes of a folder: a plan with a rank, or the reason why it is this kind and cannot be planned. */
export type Candidate =
  | { readonly rank: number; readonly draft: Draft }
  | {
      readonly rank: number;
      readonly failure: Failure;
      /** It is known to be no app, or a person's own choice cannot be carried out: nothing else is looked for. */
      readonly final?: true;
    };

/** Looks at one folder for one kind of app; undefined where it is not of that kind. Reads only, runs nothing. */
export type Detector = (context: DetectContext) => Candidate | undefined;

/** How sure a detector is. Several clues can be in one folder: the surest candidate counts, the next ones are the way back. */
export const rank = { explicit: 100, server: 80, built: 70, entry: 60, page: 30, weak: 10 } as const;
