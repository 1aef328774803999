import { Box, Button, chakra, Flex, Stack, Switch, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Bridge, ShellSettingsChange, UpdateStatus } from "../../../bridge.ts";
import { native } from "../../native.ts";
import { FilterGroup } from "../../parts/filter-group.tsx";
import { NotFound } from "../../parts/page-states.tsx";
import { Section } from "../../parts/section.tsx";
import { toastError } from "../../parts/toast.ts";
import { AgentState } from "../../shell/agent-state.tsx";
import { desktop } from "../../words/desktop.ts";
import { useSay } from "../../words/say.ts";
import { SettingsFrame } from "./settings-frame.tsx";

/** What only the desktop app has: its agent, starting with the computer, updates. There is no such page in a browser. */
export function DesktopPage() {
  if (native === undefined) return <NotFound />;
  return (
    <SettingsFrame tab="desktop">
      <Agent app={native} />
      <Starting app={native} />
      <Updates app={native} />
    </SettingsFrame>
  );
}

interface Parts {
  readonly app: Bridge;
}

function Agent({ app }: Parts) {
  const say = useSay(desktop);
  const queries = useQueryClient();
  const queryKey = ["desktop settings"];
  const chosen = useQuery({ queryKey, queryFn: () => app.settings() });
  const change = useMutation({
    mutationFn: (wish: ShellSettingsChange) => app.settings(wish),
    onSuccess: (now) => queries.setQueryData(queryKey, now),
    onError: toastError,
  });
  return (
    <Section title={say("agent.title")} detail={say("agent.detail")}>
      <Stack gap="3" mt="2">
        <AgentState app={app} />
        {chosen.data !== undefined && (
          <Flex align="center" gap="3" wrap="wrap">
            <Text>{say("quit.label")}</Text>
            <FilterGroup
              label={say("quit.label")}
              value={chosen.data.onQuit}
              options={[
                { value: "leave-agent", label: say("quit.leave") },
                { value: "stop-agent", label: say("quit.stop") },
              ]}
              onChange={(onQuit) => change.mutate({ onQuit })}
            />
          </Flex>
        )}
      </Stack>
    </Section>
  );
}

function Starting({ app }: Parts) {
  const say = useSay(desktop);
  const queries = useQueryClient();
  const queryKey = ["desktop start"];
  const isOn = useQuery({ queryKey, queryFn: () => app.autostart() });
  const change = useMutation({
    mutationFn: (on: boolean) => app.autostart(on),
    onSuccess: (now) => queries.setQueryData(queryKey, now),
    onError: toastError,
  });
  return (
    <Section title={say("start.title")} detail={say("start.detail")}>
      <Switch.Root
        size="sm"
        mt="2"
        colorPalette="accent"
        checked={isOn.data === true}
        disabled={!isOn.isSuccess}
        onCheckedChange={({ checked }) => change.mutate(checked)}
      >
        <Switch.HiddenInput />
        <Switch.Control />
        <Switch.Label>{say("start.label")}</Switch.Label>
      </Switch.Root>
    </Section>
  );
}

/** While a newer version is on its way the page asks again, in milliseconds. */
const askAgainMs = 2000;

function Updates({ app }: Parts) {
  const say = useSay(desktop);
  const queries = useQueryClient();
  const queryKey = ["desktop updates"];
  const status = useQuery({
    queryKey,
    queryFn: () => app.updates(),
    refetchInterval: ({ state }) => (state.data?.state === "downloading" ? askAgainMs : false),
  });
  const look = useMutation({
    mutationFn: () => app.updates(true),
    onSuccess: (now) => queries.setQueryData(queryKey, now),
    onError: toastError,
  });
  const restart = useMutation({ mutationFn: () => app.restartToUpdate(), onError: toastError });
  return (
    <Section title={say("updates.title")} detail={say("updates.version", { version: app.version })}>
      <Flex align="center" gap="3" mt="2" wrap="wrap">
        {status.data?.state === "ready" ? (
          <Button size="xs" colorPalette="accent" loading={restart.isPending} onClick={() => restart.mutate()}>
            {say("updates.restart")}
          </Button>
        ) : (
          status.data?.state !== "unsupported" && (
            <Button size="xs" variant="outline" loading={look.isPending} onClick={() => look.mutate()}>
              {say("updates.look")}
            </Button>
          )
        )}
        <Box role="status" textStyle="small" color="fg.muted">
          {status.data !== undefined && <Told status={status.data} />}
          {restart.data === false && <chakra.span ms="2">{say("updates.waits")}</chakra.span>}
        </Box>
      </Flex>
    </Section>
  );
}

function Told({ status }: { readonly status: UpdateStatus }) {
  const say = useSay(desktop);
  switch (status.state) {
    case "downloading":
    case "ready":
      return say(`updates.${status.state}`, { version: status.version });
    case "failed":
      return say("updates.failed", { message: status.message });
    default:
      return say(`updates.${status.state}`);
  }
}
