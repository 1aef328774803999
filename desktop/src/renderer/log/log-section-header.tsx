import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { log as words } from "../words/log.ts";
import { useSay } from "../words/say.ts";

export interface LogSectionHeaderProps {
  readonly title: string;
  readonly note: ReactNode;
  readonly lines: number;
  readonly folded: boolean;
  readonly onFold: () => void;
}

/** Stands above the lines of one log; folds them away. */
export function LogSectionHeader({ title, note, lines, folded, onFold }: LogSectionHeaderProps) {
  const say = useSay(words);
  return (
    <div className="log-header">
      <button type="button" aria-expanded={!folded} onClick={onFold}>
        <ChevronRight size={14} aria-hidden />
        {title}
        <span className="log-header-note">{say("lines", { count: lines })}</span>
      </button>
      <span className="log-header-note">{note}</span>
    </div>
  );
}
