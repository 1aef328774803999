import { Box, Button, Field, Flex, Input } from "@chakra-ui/react";
import type { RepositoryView } from "@cloudsmith/contracts/api";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ArrowRight, Search } from "lucide-react";
import { useCallback, useDeferredValue, useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { api, client } from "../../api/client.ts";
import { ErrorPanel } from "../../parts/error-panel.tsx";
import { looksLikeSource } from "../../source/source-text.ts";
import { newProject as words } from "../../words/new-project.ts";
import { useSay } from "../../words/say.ts";
import { ConnectGithub } from "./connect-github.tsx";
import type { NewSearch } from "./new-search.ts";
import { RecentSources } from "./recent-sources.tsx";
import { RepositoryFilters } from "./repository-filters.tsx";
import { everything } from "./repository-list.ts";
import { RepositoryRows } from "./repository-rows.tsx";
import { RepositorySection } from "./repository-section.tsx";
import { useGoToReview } from "./use-go-to-review.ts";
import { useRepositories } from "./use-repositories.ts";

/** How long the text rests before it stands in the address, in milliseconds: the router is kept out of the way of typing. */
const restMs = 400;
/** How far Page Up and Page Down go. */
const pageRows = 8;

/** One field for everything: it searches while a name is typed, and takes an address or a path as it is. */
export function PickField() {
  const say = useSay(words);
  const id = useId();
  const goToReview = useGoToReview();
  const leaving = useRef(false);
  const review = (...source: Parameters<typeof goToReview>): void => {
    leaving.current = true;
    goToReview(...source);
  };
  const search = useSearch({ from: "/new" });
  const change = useChangeSearch();
  const [text, setText] = useState(search.q ?? "");
  const [active, setActive] = useState(-1);
  const accounts = useQuery(api.accounts.list.queryOptions());
  const connected = accounts.data !== undefined && accounts.data.length > 0;
  const resolve = useMutation({
    mutationFn: (typed: string) => client.sources.resolve({ text: typed }),
    onSuccess: (source) => review(source),
  });
  const isSource = looksLikeSource(text);
  const found = useFound(isSource ? "" : text, search);
  const shownText = isSource ? "" : text;
  useEffect(() => {
    if (shownText === (search.q ?? "")) return undefined;
    const timer = setTimeout(() => {
      // A navigation of ours would take the place of the one that is under way.
      if (!leaving.current) change({ q: shownText === "" ? undefined : shownText });
    }, restMs);
    return () => clearTimeout(timer);
  }, [shownText, search.q, change]);
  const choose = (repository: RepositoryView): void => {
    const { account, server, id: repositoryId, owner, name } = repository;
    review({ type: "github", server, repository: repositoryId, name: `${owner}/${name}`, ref: null, dir: "" }, account);
  };
  const chosen = connected && !isSource ? found.repositories[active] : undefined;
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = steps[event.key];
    if (step === undefined || !connected || isSource) return;
    event.preventDefault();
    setActive((now) => Math.max(0, Math.min(found.repositories.length - 1, now + step)));
  };
  return (
    <Box>
      <Box
        as="form"
        mb="6"
        onSubmit={(event) => {
          event.preventDefault();
          if (isSource) resolve.mutate(text.trim());
          else if (chosen !== undefined) choose(chosen);
        }}
      >
        <Field.Root>
          <Field.Label srOnly>{say("field.label")}</Field.Label>
          <Flex gap="2" width="full" position="relative" align="center">
            <Box position="absolute" insetStart="3" color="fg.subtle" pointerEvents="none" zIndex="1" aria-hidden>
              <Search size={16} />
            </Box>
            <Input
              ps="9"
              autoFocus
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              {...(connected && {
                role: "combobox",
                "aria-expanded": found.repositories.length > 0,
                "aria-controls": id,
                "aria-autocomplete": "list" as const,
                "aria-activedescendant": chosen === undefined ? undefined : `${id}-${active}`,
              })}
              placeholder={say(connected ? "field.placeholder" : "field.placeholderAlone")}
              value={text}
              onKeyDown={onKeyDown}
              onChange={(event) => {
                setText(event.target.value);
                setActive(event.target.value === "" ? -1 : 0);
                if (resolve.isError) resolve.reset();
              }}
            />
            {isSource && (
              <Button type="submit" colorPalette="accent" loading={resolve.isPending} aria-label={say("typed.label")}>
                {say("typed.use")}
                <ArrowRight size={15} />
              </Button>
            )}
          </Flex>
          <Field.HelperText>{say("field.hint")}</Field.HelperText>
        </Field.Root>
        {resolve.isError && (
          <Box mt="3">
            <ErrorPanel error={resolve.error} />
          </Box>
        )}
      </Box>
      {text === "" && <RecentSources />}
      {accounts.isError && <ErrorPanel error={accounts.error} onRetry={() => void accounts.refetch()} />}
      {accounts.data?.length === 0 && <ConnectGithub />}
      {connected && (
        <RepositorySection
          streamed={found.streamed}
          shown={found.repositories.length}
          filters={
            <RepositoryFilters search={search} owners={found.owners} languages={found.languages} onChange={change} />
          }
          onClear={() => {
            setText("");
            change({
              q: undefined,
              owner: undefined,
              language: undefined,
              visibility: undefined,
              archived: undefined,
            });
          }}
        >
          <RepositoryRows
            id={id}
            repositories={found.repositories}
            active={active}
            onHover={setActive}
            onChoose={choose}
          />
        </RepositorySection>
      )}
    </Box>
  );
}

const steps: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: pageRows,
  PageUp: -pageRows,
};

/** The repositories that are meant. A keystroke is drawn at once; the list follows when there is time. */
function useFound(text: string, search: NewSearch) {
  const streamed = useRepositories();
  const deferred = useDeferredValue(text);
  const { owner = "", language = "", visibility = "all", archived = false, order = "pushed" } = search;
  const repositories = useMemo(
    () => streamed.list.find({ ...everything, text: deferred, owner, language, visibility, archived, order }),
    [streamed, deferred, owner, language, visibility, archived, order],
  );
  const owners = useMemo(() => streamed.list.owners(), [streamed]);
  const languages = useMemo(() => streamed.list.languages(), [streamed]);
  return { streamed, repositories, owners, languages };
}

function useChangeSearch(): (change: NewSearch) => void {
  const navigate = useNavigate({ from: "/new" });
  return useCallback(
    (change) =>
      void navigate({
        search: (before) => {
          const next: NewSearch = { ...before, ...change };
          return Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined));
        },
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  );
}
