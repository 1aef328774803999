import { Box, Button, Flex, Text } from "@chakra-ui/react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Plus, Rocket, SearchX } from "lucide-react";
import { useDeferredValue, useMemo, useRef } from "react";
import { useProjectList } from "../../api/project-list.ts";
import { useCommands } from "../../commands/registry.ts";
import { AppLink } from "../../parts/app-link.tsx";
import { DataList } from "../../parts/data-list.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { FilterGroup } from "../../parts/filter-group.tsx";
import { Page } from "../../parts/page.tsx";
import { SearchInput } from "../../parts/search-input.tsx";
import { dashboard } from "../../words/dashboard.ts";
import { useSay } from "../../words/say.ts";
import { ProjectRow } from "./project-row.tsx";
import { groups, type Group } from "./groups.ts";
import { countGroups, selectRows, summarize, type Summary } from "./summarize.ts";

interface DashboardSearch {
  readonly q?: string | undefined;
  readonly show?: Group | undefined;
}

/** Every project with what runs of it now. */
export function DashboardPage() {
  const say = useSay(dashboard);
  const search = useSearch({ from: "/" });
  const navigate = useNavigate({ from: "/" });
  const { projects, error, isComplete, refetch } = useProjectList();
  const all = useMemo(() => projects?.map(summarize), [projects]);
  const filter = { text: useDeferredValue(search.q ?? ""), group: search.show ?? "all" };
  const rows = useMemo(
    () => all && selectRows(all, { text: filter.text, group: filter.group }),
    [all, filter.text, filter.group],
  );
  const change = (next: DashboardSearch): void =>
    void navigate({ search: (before) => ({ ...before, ...next }), replace: true });
  const isEmpty = all?.length === 0 && isComplete;
  return (
    <Page
      title={say("title")}
      detail={all === undefined || isEmpty ? undefined : say(isComplete ? "count" : "counting", { count: all.length })}
      actions={isEmpty ? undefined : <Beginnings />}
    >
      {isEmpty ? (
        <FirstProject />
      ) : (
        <>
          <Filters all={all} search={search} onChange={change} />
          <DataList
            label={say("list")}
            items={rows}
            keyOf={(row) => row.id}
            row={(row) => <ProjectRow row={row} />}
            rowHeight={61}
            error={error}
            onRetry={() => void refetch()}
            empty={
              <EmptyState icon={SearchX} title={say("none.title")} text={say("none.text")}>
                <Button size="sm" variant="outline" onClick={() => change({ q: undefined, show: undefined })}>
                  {say("none.clear")}
                </Button>
              </EmptyState>
            }
          />
        </>
      )}
    </Page>
  );
}

/** The two ways to a new project; `first` where there is none yet. */
function Beginnings({ first = false }: { readonly first?: boolean }) {
  const say = useSay(dashboard);
  const quiet = { size: "sm", variant: "outline" } as const;
  const loud = { size: "sm", colorPalette: "accent" } as const;
  return (
    <>
      <Button asChild {...(first ? loud : quiet)}>
        <AppLink to="/welcome" _hover={{ textDecoration: "none" }}>
          {say("samples")}
        </AppLink>
      </Button>
      <Button asChild {...(first ? quiet : loud)}>
        <AppLink to="/new" _hover={{ textDecoration: "none" }}>
          <Plus size={15} aria-hidden />
          {say("new")}
        </AppLink>
      </Button>
    </>
  );
}

function FirstProject() {
  const say = useSay(dashboard);
  return (
    <Box borderWidth="1px" borderRadius="lg" borderStyle="dashed">
      <EmptyState icon={Rocket} title={say("empty.title")} text={say("empty.text")}>
        <Flex gap="2" wrap="wrap" justify="center">
          <Beginnings first />
        </Flex>
      </EmptyState>
    </Box>
  );
}

function Filters({
  all,
  search,
  onChange,
}: {
  readonly all: readonly Summary[] | undefined;
  readonly search: DashboardSearch;
  readonly onChange: (next: DashboardSearch) => void;
}) {
  const say = useSay(dashboard);
  const input = useRef<HTMLInputElement>(null);
  const counts = useMemo(() => countGroups(all ?? []), [all]);
  useCommands([
    {
      id: "dashboard.filter",
      title: say("command.filter"),
      group: say("command.group"),
      keys: "/",
      run: () => input.current?.focus(),
    },
  ]);
  return (
    <Flex gap="3" mb="3" wrap="wrap" align="center">
      <SearchInput
        ref={input}
        label={say("filter.label")}
        value={search.q ?? ""}
        onChange={(text) => onChange({ q: text || undefined })}
        style={{ maxW: { md: "220px" }, height: "32px" }}
      />
      <FilterGroup
        label={say("group.label")}
        value={search.show ?? "all"}
        options={groups.map((group) => ({ value: group, label: say(`group.${group}`), count: counts[group] }))}
        onChange={(group) => onChange({ show: group === "all" ? undefined : group })}
      />
      <Text aria-live="polite" srOnly>
        {say("count", { count: counts.all })}
      </Text>
    </Flex>
  );
}
