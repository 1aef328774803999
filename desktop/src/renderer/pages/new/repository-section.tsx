import { Box, Button, Flex, IconButton, Text } from "@chakra-ui/react";
import type { RepositoryProblem, RepositoryView } from "@cloudsmith/contracts/api";
import { FolderGit2, RefreshCw, SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { EmptyState } from "../../parts/empty-state.tsx";
import { ErrorPanel } from "../../parts/error-panel.tsx";
import { RowsSkeleton } from "../../parts/page-states.tsx";
import { newProject as words } from "../../words/new-project.ts";
import { useSay } from "../../words/say.ts";
import { RepositoryProblems } from "./repository-problems.tsx";
import type { Streamed } from "./repository-stream.ts";
import { refreshRepositories, retryRepositories } from "./use-repositories.ts";

export interface RepositorySectionProps {
  readonly streamed: Streamed<RepositoryView, RepositoryProblem>;
  /** How many are shown after search and filters. */
  readonly shown: number;
  readonly filters: ReactNode;
  readonly onClear: () => void;
  readonly children: ReactNode;
}

/** The repositories under their heading, in whichever state they are: on their way, none, none that match, cut short. */
export function RepositorySection({ streamed, shown, filters, onClear, children }: RepositorySectionProps) {
  const say = useSay(words);
  const { list, state, total, error, problems } = streamed;
  return (
    <Box as="section" aria-label={say("repositories.title")}>
      <Flex align="center" gap="2" mb="2" wrap="wrap">
        <Text as="h2" textStyle="sectionTitle">
          {say("repositories.title")}
        </Text>
        <Text textStyle="small" color="fg.muted" role="status" flex="1">
          {state === "reading"
            ? say("repositories.loading", { count: list.size, total })
            : shown === list.size
              ? say("repositories.count", { count: list.size })
              : say("repositories.some", { shown, count: list.size })}
        </Text>
        <IconButton
          size="xs"
          variant="ghost"
          aria-label={say("refresh")}
          title={say("refresh")}
          disabled={state === "reading"}
          onClick={refreshRepositories}
        >
          <RefreshCw size={14} />
        </IconButton>
      </Flex>
      {filters}
      <RepositoryProblems problems={problems} />
      {error !== undefined && (
        <Box mb="3">
          <ErrorPanel error={error} onRetry={retryRepositories} />
        </Box>
      )}
      {shown > 0 && children}
      {shown === 0 && state === "reading" && list.size === 0 && <RowsSkeleton rows={8} height="44px" />}
      {shown === 0 && list.size > 0 && (
        <EmptyState icon={SearchX} title={say("repositories.none")} text={say("repositories.noneText")}>
          <Button size="sm" variant="outline" onClick={onClear}>
            {say("repositories.clear")}
          </Button>
        </EmptyState>
      )}
      {list.size === 0 && state === "done" && (
        <EmptyState icon={FolderGit2} title={say("repositories.empty")} text={say("repositories.emptyText")} />
      )}
    </Box>
  );
}
