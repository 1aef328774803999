import { Box } from "@chakra-ui/react";
import type { RepositoryView } from "@cloudsmith/contracts/api";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Archive, GitFork, Lock } from "lucide-react";
import { memo, useEffect, useRef } from "react";
import { Time } from "../../parts/time.tsx";
import { newProject as words } from "../../words/new-project.ts";
import { useSay } from "../../words/say.ts";

const rowHeight = 52;

export interface RepositoryRowsProps {
  readonly id: string;
  readonly repositories: readonly RepositoryView[];
  /** The row that Enter takes. */
  readonly active: number;
  readonly onHover: (index: number) => void;
  readonly onChoose: (repository: RepositoryView) => void;
}

/** The options of the search field; only those in sight are drawn, in plain elements under one style: rows are many and keys are fast. */
export function RepositoryRows({ id, repositories, active, onHover, onChoose }: RepositoryRowsProps) {
  const say = useSay(words);
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: repositories.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 6,
  });
  useEffect(() => {
    if (active >= 0) rows.scrollToIndex(active, { align: "auto" });
  }, [rows, active]);
  return (
    <Box
      ref={box}
      borderWidth="1px"
      borderRadius="lg"
      bg="bg.panel"
      overflow="auto"
      maxH="max(260px, calc(100dvh - 340px))"
      css={styles}
      onPointerMove={(event) => {
        const index = rowOf(event.target);
        if (index !== undefined && index !== active) onHover(index);
      }}
      onClick={(event) => {
        const repository = repositories[rowOf(event.target) ?? -1];
        if (repository !== undefined) onChoose(repository);
      }}
    >
      <div
        id={id}
        role="listbox"
        aria-label={say("repositories.list")}
        style={{ height: rows.getTotalSize(), position: "relative" }}
      >
        {rows.getVirtualItems().map(({ index, start }) => {
          const repository = repositories[index];
          return (
            repository !== undefined && (
              <div
                key={`${repository.account} ${repository.id}`}
                id={`${id}-${index}`}
                role="option"
                aria-selected={index === active}
                aria-posinset={index + 1}
                aria-setsize={repositories.length}
                style={{ transform: `translateY(${start}px)`, height: rowHeight }}
                tabIndex={-1}
                data-index={index}
              >
                <Row repository={repository} />
              </div>
            )
          );
        })}
      </div>
    </Box>
  );
}

/** The row that something is in; one listener for all of them. */
function rowOf(target: EventTarget): number | undefined {
  const row = target instanceof Element ? target.closest<HTMLElement>("[role=option]") : null;
  return row === null ? undefined : Number(row.dataset["index"]);
}

const styles = {
  "& [role=option]": {
    position: "absolute",
    insetInline: 0,
    top: 0,
    display: "grid",
    gridTemplateColumns: "minmax(0, 1fr) auto",
    alignItems: "center",
    columnGap: "16px",
    paddingInline: "16px",
    cursor: "pointer",
    borderBottomWidth: "1px",
    borderColor: "border.muted",
  },
  "& [role=option][aria-selected=true]": {
    background: "bg.muted",
    boxShadow: "inset 2px 0 0 var(--cs-colors-accent-solid)",
  },
  "& .name": { display: "flex", alignItems: "center", gap: "6px", minWidth: 0, fontSize: "md", whiteSpace: "nowrap" },
  "& .name span": { overflow: "hidden", textOverflow: "ellipsis" },
  "& .owner": { color: "fg.muted", flexShrink: 1 },
  "& .repo": { fontWeight: 500 },
  "& .mark": { display: "inline-flex", alignItems: "center", gap: "3px", fontSize: "xs", color: "fg.muted" },
  "& .about": { fontSize: "sm", color: "fg.muted", overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
  "& .side": { fontSize: "sm", color: "fg.muted", textAlign: "end", whiteSpace: "nowrap" },
} as const;

const Row = memo(function Row({ repository }: { readonly repository: RepositoryView }) {
  const say = useSay(words);
  const { owner, name, description, language, pushedAt } = repository;
  return (
    <>
      <div style={{ minWidth: 0 }}>
        <div className="name">
          <span className="owner">{[owner, "/"].join(" ")}</span>
          <span className="repo">{name}</span>
          {repository.private && (
            <span className="mark">
              <Lock size={12} aria-hidden />
              {say("row.private")}
            </span>
          )}
          {repository.fork && (
            <span className="mark">
              <GitFork size={12} aria-hidden />
              {say("row.fork")}
            </span>
          )}
          {repository.archived && (
            <span className="mark">
              <Archive size={12} aria-hidden />
              {say("row.archived")}
            </span>
          )}
        </div>
        {description !== null && <div className="about">{description}</div>}
      </div>
      <div className="side">
        {language !== null && <div>{language}</div>}
        <div>{pushedAt === null ? say("row.never") : <Time at={pushedAt} />}</div>
      </div>
    </>
  );
});
