import { Box, Button, Flex, Text } from "@chakra-ui/react";
import { useMutation } from "@tanstack/react-query";
import { ExternalLink, KeyRound } from "lucide-react";
import { api } from "../api/client.ts";
import { openExternal } from "../native.ts";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { accounts } from "../words/accounts.ts";
import { useSay } from "../words/say.ts";
import { useSignIn } from "./use-sign-in.ts";

/** Creates a GitHub App of the person's own and signs in with it: one click here, then GitHub's own pages. */
export function CreateAppButton({ quiet = false }: { readonly quiet?: boolean }) {
  const say = useSay(accounts);
  const signIn = useSignIn();
  const create = useMutation(api.accounts.createGithubApp.mutationOptions({ onSuccess: signIn.goOn }));
  const error = create.error ?? signIn.error;
  return (
    <Box>
      <Button
        size="sm"
        {...(quiet ? { variant: "outline" as const } : { colorPalette: "accent" })}
        loading={create.isPending}
        onClick={() => create.mutate(signIn.returnTo)}
      >
        <KeyRound size={14} />
        {say("create")}
      </Button>
      <Waiting signIn={signIn} />
      {error != null && (
        <Box mt="3" textAlign="start">
          <ErrorPanel error={error} />
        </Box>
      )}
    </Box>
  );
}

/** The system's browser has the sign-in: say so, and let the person open the page again or stop. */
export function Waiting({ signIn }: { readonly signIn: ReturnType<typeof useSignIn> }) {
  const say = useSay(accounts);
  const { waiting, stop } = signIn;
  if (waiting === undefined) return null;
  return (
    <Flex role="status" align="center" gap="2" mt="3" wrap="wrap">
      <Text textStyle="small" color="fg.muted">
        {say("waiting")}
      </Text>
      <Button size="xs" variant="outline" onClick={() => openExternal(waiting.url)}>
        <ExternalLink size={13} />
        {say("openAgain")}
      </Button>
      <Button size="xs" variant="ghost" onClick={stop}>
        {say("stopWaiting")}
      </Button>
    </Flex>
  );
}
