import type { ReactNode } from "react";
import type { ChosenLines } from "./line-link.ts";
import type { LogModel } from "./log-model.ts";
import type { LogSearch } from "./log-search.ts";

/** What a page tells a log viewer. */
export interface LogView {
  readonly model: LogModel;
  readonly search: LogSearch;
  /** Stands in the header of a log: its title, and what is to say of it. */
  readonly describe: (section: string) => { readonly title: string; readonly note?: ReactNode };
  /** Lines may still come; the view begins at the end and follows. */
  readonly grows: boolean;
  /** The line that a failure points at: the view begins there. */
  readonly cause?: { readonly section: string; readonly position: number } | undefined;
  /** Grows each time that line is to be shown. */
  readonly shownLine?: number;
  /** Address of the whole log as a file of text. */
  readonly file: string;
  /** Lines that the address of the page names, and how it is told of others. */
  readonly chosen: ChosenLines | undefined;
  readonly onChoose: (chosen: ChosenLines | undefined) => void;
}
