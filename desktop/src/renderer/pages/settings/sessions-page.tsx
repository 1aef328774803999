import { Box, Button, Flex, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { LogOut, Monitor, TerminalSquare } from "lucide-react";
import { api, type Client } from "../../api/client.ts";
import { ErrorPanel } from "../../parts/error-panel.tsx";
import { RowsSkeleton } from "../../parts/page-states.tsx";
import { Section } from "../../parts/section.tsx";
import { Time } from "../../parts/time.tsx";
import { toast, toastError } from "../../parts/toast.ts";
import { useSay } from "../../words/say.ts";
import { sessions } from "../../words/sessions.ts";
import { SettingsFrame } from "./settings-frame.tsx";

type Session = Awaited<ReturnType<Client["auth"]["sessions"]>>[number];

/** Browsers and programs that are signed in: end one, the others, or this one. */
export function SessionsPage() {
  const say = useSay(sessions);
  const list = useQuery(api.auth.sessions.queryOptions({ refetchOnWindowFocus: "always" }));
  const browsers = list.data?.filter(({ kind }) => kind === "session") ?? [];
  const programs = list.data?.filter(({ kind }) => kind === "token") ?? [];
  return (
    <SettingsFrame tab="sessions">
      {list.isPending && <RowsSkeleton rows={3} />}
      {list.isError && <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />}
      {list.data !== undefined && (
        <>
          <Section title={say("browsers")} detail={say("browsersDetail")} actions={<Ends sessions={browsers} />} framed>
            {browsers.length === 0 && (
              <Text px="4" py="3" textStyle="small" color="fg.muted">
                {say("none")}
              </Text>
            )}
            <Rows sessions={browsers} />
          </Section>
          <Section title={say("programs")} detail={say("programsDetail")} framed>
            <Rows sessions={programs} />
          </Section>
        </>
      )}
    </SettingsFrame>
  );
}

function Ends({ sessions: all }: { readonly sessions: readonly Session[] }) {
  const say = useSay(sessions);
  const queries = useQueryClient();
  const refresh = (): void => void queries.invalidateQueries({ queryKey: api.auth.key() });
  const others = useMutation(
    api.auth.signOutEverywhere.mutationOptions({
      onSuccess: ({ ended }) => {
        refresh();
        void toast({ title: say("othersEnded", { count: ended }) });
      },
      onError: toastError,
    }),
  );
  // Nothing of what was looked at stays in a browser that somebody signed out.
  const here = useMutation(
    api.auth.signOut.mutationOptions({ onSuccess: () => window.location.reload(), onError: toastError }),
  );
  const isBrowser = all.some(({ current }) => current);
  return (
    <Flex gap="2" wrap="wrap">
      {all.length > 1 && (
        <Button
          size="xs"
          variant="outline"
          loading={others.isPending}
          onClick={() => others.mutate({ keepThis: true })}
        >
          {say("others")}
        </Button>
      )}
      {isBrowser && (
        <Button size="xs" variant="outline" loading={here.isPending} onClick={() => here.mutate(undefined)}>
          <LogOut size={13} />
          {say("here")}
        </Button>
      )}
    </Flex>
  );
}

function Rows({ sessions: rows }: { readonly sessions: readonly Session[] }) {
  return rows.map((session) => <Row key={session.id} session={session} />);
}

function Row({ session }: { readonly session: Session }) {
  const say = useSay(sessions);
  const { id, name, kind, current, lastUsedAt, createdAt } = session;
  const queries = useQueryClient();
  const end = useMutation(
    api.auth.revoke.mutationOptions({
      onSuccess: () => {
        void queries.invalidateQueries({ queryKey: api.auth.key() });
        void toast({ title: say("ended", { name }) });
      },
      onError: toastError,
    }),
  );
  const isBrowser = kind === "session";
  const Icon = isBrowser ? Monitor : TerminalSquare;
  return (
    <Flex align="center" gap="3" px="4" py="2.5" borderBottomWidth="1px" _last={{ borderBottomWidth: 0 }}>
      <Box color="fg.muted" aria-hidden>
        <Icon size={16} />
      </Box>
      <Box flex="1" minW="0">
        <Flex gap="2" align="baseline" wrap="wrap">
          <Text fontWeight="medium" truncate>
            {name}
          </Text>
          {current && (
            <Text as="span" textStyle="small" color="fg.success">
              {say(isBrowser ? "thisDevice" : "thisProgram")}
            </Text>
          )}
        </Flex>
        <Flex textStyle="small" color="fg.muted" columnGap="4" wrap="wrap">
          <span>
            {say("used")} <Time at={lastUsedAt} />
          </span>
          <span>
            {say("since")} <Time at={createdAt} />
          </span>
        </Flex>
      </Box>
      {!current && (
        <Button
          size="xs"
          variant="ghost"
          aria-label={say(isBrowser ? "endNamed" : "revokeNamed", { name })}
          loading={end.isPending}
          onClick={() => end.mutate({ id })}
        >
          {say(isBrowser ? "end" : "revoke")}
        </Button>
      )}
    </Flex>
  );
}
