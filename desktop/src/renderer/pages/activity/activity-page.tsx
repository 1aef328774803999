import { Box, Button, Flex, NativeSelect, Text } from "@chakra-ui/react";
import type { Activity as Entry } from "@cloudsmith/contracts";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Activity, Bot, Monitor, SearchX, UserRound } from "lucide-react";
import { useMemo } from "react";
import { api, client } from "../../api/client.ts";
import { useNewestFirst } from "../../api/use-newest-first.ts";
import { useProjectList } from "../../api/project-list.ts";
import { AppLink } from "../../parts/app-link.tsx";
import { DataList } from "../../parts/data-list.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { FilterGroup } from "../../parts/filter-group.tsx";
import { Page } from "../../parts/page.tsx";
import { Time } from "../../parts/time.tsx";
import { deploymentPath, projectPath } from "../../paths.ts";
import { activity } from "../../words/activity.ts";
import { useSay } from "../../words/say.ts";
import { subjectOf, verbOf } from "./describe.ts";
import { kinds, type Kind } from "./kinds.ts";

interface ActivitySearch {
  readonly kind?: Kind | undefined;
  readonly project?: string | undefined;
}

/** Who did what, newest first, with filters that stand in the address. */
export function ActivityPage() {
  const say = useSay(activity);
  const search = useSearch({ from: "/activity" });
  const navigate = useNavigate({ from: "/activity" });
  const list = useNewestFirst<Entry>(listOf(search));
  const { projects } = useProjectList();
  const names = useMemo(() => new Map(projects?.map(({ project }) => [project.id, project.name])), [projects]);
  const change = (next: ActivitySearch): void =>
    void navigate({ search: (before) => ({ ...before, ...next }), replace: true });
  const isFiltered = search.kind !== undefined || search.project !== undefined;
  return (
    <Page title={say("title")} detail={say("detail")}>
      <Filters search={search} names={[...names.values()]} onChange={change} />
      <DataList
        label={say("list")}
        items={list.items}
        keyOf={(entry) => entry.id}
        row={(entry) => <EntryRow entry={entry} names={names} />}
        rowHeight={49}
        error={list.error}
        onRetry={() => void list.refetch()}
        hasMore={list.hasNextPage}
        loadingMore={list.isFetchingNextPage}
        onMore={() => void list.fetchNextPage()}
        empty={
          isFiltered ? (
            <NothingFits onClear={() => change({ kind: undefined, project: undefined })} />
          ) : (
            <EmptyState icon={Activity} title={say("empty.title")} text={say("empty.text")} />
          )
        }
      />
    </Page>
  );
}

function listOf({ kind, project }: ActivitySearch) {
  const input = {
    limit: 100,
    ...(kind !== undefined && { action: kind }),
    ...(project !== undefined && { project }),
  };
  return {
    queryKey: api.activity.list.key({ type: "infinite", input }),
    read: (cursor: string | undefined, signal: AbortSignal) => client.activity.list({ ...input, cursor }, { signal }),
  };
}

function NothingFits({ onClear }: { readonly onClear: () => void }) {
  const say = useSay(activity);
  return (
    <EmptyState icon={SearchX} title={say("none.title")} text={say("none.text")}>
      <Button size="sm" variant="outline" onClick={onClear}>
        {say("none.clear")}
      </Button>
    </EmptyState>
  );
}

function Filters({
  search,
  names,
  onChange,
}: {
  readonly search: ActivitySearch;
  readonly names: readonly string[];
  readonly onChange: (next: ActivitySearch) => void;
}) {
  const say = useSay(activity);
  const options = [...new Set([...names, ...(search.project === undefined ? [] : [search.project])])].sort((a, b) =>
    a.localeCompare(b),
  );
  return (
    <Flex gap="3" mb="3" wrap="wrap" align="center">
      <FilterGroup
        label={say("filter.kind")}
        value={search.kind ?? "all"}
        options={kinds.map((kind) => ({ value: kind, label: say(`kind.${kind}`) }))}
        onChange={(kind) => onChange({ kind: kind === "all" ? undefined : kind })}
      />
      <NativeSelect.Root size="sm" width={{ base: "full", md: "220px" }}>
        <NativeSelect.Field
          aria-label={say("filter.project")}
          value={search.project ?? ""}
          onChange={(event) => onChange({ project: event.target.value || undefined })}
        >
          <option value="">{say("filter.everyProject")}</option>
          {options.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </NativeSelect.Field>
        <NativeSelect.Indicator />
      </NativeSelect.Root>
    </Flex>
  );
}

const actorIcons = { user: UserRound, token: Monitor, system: Bot } as const;

function EntryRow({ entry, names }: { readonly entry: Entry; readonly names: ReadonlyMap<string, string> }) {
  const say = useSay(activity);
  const Icon = actorIcons[entry.actor.type];
  return (
    <Flex align="center" columnGap="3" px="4" py="2" minH="48px" wrap={{ base: "wrap", md: "nowrap" }}>
      <Box color="fg.muted" aria-hidden>
        <Icon size={15} />
      </Box>
      <Text flex="1" minW="0" css={{ "&::first-letter": { textTransform: "uppercase" } }}>
        <Text as="span" fontWeight="medium" me="1">
          {entry.actor.name}
        </Text>
        {verbOf(entry, say)} <Subject entry={entry} names={names} />
        {entry.detail !== "" && (
          <Text as="span" color="fg.muted" textStyle="small" ms="2">
            {entry.detail}
          </Text>
        )}
      </Text>
      <Text textStyle="small" color="fg.muted" flexShrink={0}>
        <Time at={entry.at} />
      </Text>
    </Flex>
  );
}

/** Links to the deployment or the project, while that is there. */
function Subject({ entry, names }: { readonly entry: Entry; readonly names: ReadonlyMap<string, string> }) {
  const text = subjectOf(entry, names);
  const deployment = /\bdep_[0-9a-z]+\b/.exec(entry.subject)?.[0];
  const project = entry.projectId === null ? undefined : names.get(entry.projectId);
  if (project === undefined) return text;
  return (
    <AppLink
      to={deployment === undefined ? projectPath(project) : deploymentPath(deployment)}
      data-primary
      fontWeight="medium"
    >
      {text}
    </AppLink>
  );
}
