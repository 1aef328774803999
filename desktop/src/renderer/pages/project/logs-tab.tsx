import { Box } from "@chakra-ui/react";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { ScrollText } from "lucide-react";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useLive, useLiveState } from "../../live/use-live.ts";
import { lineLink, parseLineLink, type ChosenLines } from "../../log/line-link.ts";
import { LogModel } from "../../log/log-model.ts";
import { LogSearch } from "../../log/log-search.ts";
import { releaseSource } from "../../log/log-source.ts";
import { LogViewer } from "../../log/log-viewer.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { project as words } from "../../words/project.ts";
import { useSay } from "../../words/say.ts";
import type { TabProps } from "./tab-content.tsx";

/** What the app prints, as it prints it, also across releases. */
export function LogsTab(props: TabProps) {
  const say = useSay(words);
  const { environment } = props.environment;
  if (environment.live === null)
    return (
      <EmptyState
        icon={ScrollText}
        title={say("logs.none")}
        text={say("logs.noneText", { environment: environment.name })}
      />
    );
  return <RunLog {...props} release={environment.live.releaseId} />;
}

function RunLog({ view, environment: shown, release }: TabProps & { readonly release: string }) {
  const say = useSay(words);
  const place = useMemo(
    () => ({ project: view.project.id, environment: shown.environment.name }),
    [view.project.id, shown.environment.name],
  );
  const { model, search } = useRunLog(place, release);
  const { chosen, onChoose } = useChosenLines(release);
  return (
    <Box height="max(360px, calc(100dvh - 210px))" borderWidth="1px" borderRadius="lg" overflow="hidden" data-log="run">
      <LogViewer
        view={{
          model,
          search,
          grows: true,
          chosen,
          onChoose,
          file: `/api/projects/${place.project}/environments/${place.environment}/log.txt`,
          describe: (section) => ({
            title:
              section === release && shown.liveDeployment !== null
                ? say("logs.release", { sequence: shown.liveDeployment.sequence })
                : say("logs.otherRelease"),
          }),
        }}
      />
    </Box>
  );
}

/** The log of the live release from its end on, and of those that follow it, as they write. */
function useRunLog(place: { readonly project: string; readonly environment: string }, release: string) {
  const [logs] = useState(() => {
    const model = new LogModel();
    return { model, search: new LogSearch(model) };
  });
  const { model, search } = logs;
  const online = useLiveState() === "online";
  const add = useCallback(
    (key: string): void => {
      if (model.keys.includes(key)) return;
      // A release that begins later stands below.
      model.addSection(key, releaseSource({ ...place, release: key }), [...model.keys, key]);
      void model.open(key);
    },
    [model, place],
  );
  useEffect(() => add(release), [add, release]);
  useEffect(() => () => search.stop(), [search]);
  useEffect(() => {
    if (online && model.error !== undefined) model.retry();
  }, [online, model]);
  useLive({ type: "run-log", ...place, last: 0 }, (message) => {
    if (message.type !== "log") return;
    add(message.source);
    model.append(message.source, message.lines);
  });
  return logs;
}

/** Lines that the address names. */
function useChosenLines(release: string) {
  const navigate = useNavigate();
  const hash = useRouterState({ select: ({ location }) => location.hash });
  const chosen = useMemo(() => parseLineLink(hash, release), [hash, release]);
  const onChoose = useCallback(
    (lines: ChosenLines | undefined) =>
      void navigate({
        to: ".",
        search: true,
        hash: lines === undefined ? "" : lineLink(lines),
        replace: true,
        resetScroll: false,
        hashScrollIntoView: false,
      }),
    [navigate],
  );
  return { chosen, onChoose };
}
