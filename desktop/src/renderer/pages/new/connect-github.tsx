import { Box, Button, Field, Flex, Heading, Input, Text } from "@chakra-ui/react";
import { skipToken, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound, LogIn } from "lucide-react";
import { useEffect, useState } from "react";
import { api, client } from "../../api/client.ts";
import { openExternal } from "../../native.ts";
import { ErrorPanel } from "../../parts/error-panel.tsx";
import { newProject as words } from "../../words/new-project.ts";
import { useSay } from "../../words/say.ts";
import { refreshRepositories } from "./use-repositories.ts";

const askEveryMs = 1500;

/** Nobody is signed in to GitHub: the two quick ways to change that, here. */
export function ConnectGithub() {
  const say = useSay(words);
  const queries = useQueryClient();
  const [token, setToken] = useState("");
  const connected = (): void => {
    refreshRepositories();
    void queries.invalidateQueries({ queryKey: api.accounts.key() });
  };
  const app = useMutation({
    mutationFn: () => client.accounts.createGithubApp({ returnTo: "/new" }),
    onSuccess: ({ url }) => openExternal(url),
  });
  const flow = useQuery(
    api.accounts.flow.queryOptions({
      input: app.data === undefined ? skipToken : { flow: app.data.flow },
      refetchInterval: ({ state }) => (state.data === undefined || state.data.state === "waiting" ? askEveryMs : false),
      staleTime: 0,
    }),
  );
  const done = flow.data?.state === "done";
  useEffect(() => {
    if (!done) return;
    refreshRepositories();
    void queries.invalidateQueries({ queryKey: api.accounts.key() });
  }, [done, queries]);
  const paste = useMutation({
    mutationFn: () => client.accounts.connectToken({ token: token.trim() }),
    onSuccess: connected,
  });
  const waiting = app.isSuccess && flow.data?.state !== "failed";
  const error = app.error ?? flow.data?.error ?? flow.error ?? paste.error;
  return (
    <Box borderWidth="1px" borderRadius="lg" bg="bg.panel" p="5">
      <Heading as="h2" textStyle="sectionTitle">
        {say("connect.title")}
      </Heading>
      <Text textStyle="small" color="fg.muted" mb="4">
        {say("connect.text")}
      </Text>
      <Flex gap="6" wrap="wrap" align="start">
        <Box flex="1 1 260px">
          <Button size="sm" colorPalette="accent" loading={app.isPending} onClick={() => app.mutate()}>
            <LogIn size={15} />
            {say("connect.app")}
          </Button>
          <Text textStyle="small" color="fg.muted" mt="2" role="status">
            {say(waiting ? "connect.waiting" : "connect.appText")}
          </Text>
        </Box>
        <Box
          as="form"
          flex="1 1 260px"
          onSubmit={(event) => {
            event.preventDefault();
            if (token.trim().length >= 10) paste.mutate();
          }}
        >
          <Field.Root>
            <Field.Label srOnly>{say("connect.token")}</Field.Label>
            <Flex gap="2" width="full">
              <Input
                size="sm"
                type="password"
                autoComplete="off"
                placeholder={say("connect.token")}
                value={token}
                onChange={(event) => setToken(event.target.value)}
              />
              <Button
                type="submit"
                size="sm"
                variant="outline"
                flexShrink={0}
                disabled={token.trim().length < 10}
                loading={paste.isPending}
              >
                <KeyRound size={15} />
                {say("connect.tokenUse")}
              </Button>
            </Flex>
            <Field.HelperText>{say("connect.tokenText")}</Field.HelperText>
          </Field.Root>
        </Box>
      </Flex>
      {error != null && (
        <Box mt="4">
          <ErrorPanel error={error} />
        </Box>
      )}
    </Box>
  );
}
