import { Box, Button, Flex, IconButton, Menu, Portal } from "@chakra-ui/react";
import type { AccountView } from "@cloudsmith/contracts/api";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Ellipsis } from "lucide-react";
import { useState } from "react";
import { TokenDialog } from "../../accounts/connect-dialogs.tsx";
import { Waiting } from "../../accounts/create-app-button.tsx";
import { useSignIn } from "../../accounts/use-sign-in.ts";
import { api } from "../../api/client.ts";
import { openExternal } from "../../native.ts";
import { ConfirmByTyping } from "../../parts/confirm-by-typing.tsx";
import { ErrorPanel } from "../../parts/error-panel.tsx";
import { toast, toastError } from "../../parts/toast.ts";
import { accounts } from "../../words/accounts.ts";
import { useSay } from "../../words/say.ts";

/** What can be done with an account: the next thing as a button, the rest in a menu. */
export function AccountActions({ account }: { readonly account: AccountView }) {
  const [dialog, setDialog] = useState<"replace" | "disconnect">();
  const signIn = useSignIn();
  const begin = useMutation(api.accounts.signIn.mutationOptions({ onSuccess: signIn.goOn }));
  const error = begin.error ?? signIn.error;
  const again = (access?: "private"): void =>
    begin.mutate({ account: account.id, ...(access !== undefined && { access }), ...signIn.returnTo });
  return (
    <Box>
      <Flex gap="2" justify="end">
        <NextStep account={account} pending={begin.isPending} onSignIn={again} onReplace={() => setDialog("replace")} />
        <More account={account} onSignIn={again} onDialog={setDialog} />
      </Flex>
      <Waiting signIn={signIn} />
      {error != null && (
        <Box mt="3">
          <ErrorPanel error={error} />
        </Box>
      )}
      {dialog === "replace" && <TokenDialog replaces={account} onClose={() => setDialog(undefined)} />}
      <Disconnect account={account} open={dialog === "disconnect"} onClose={() => setDialog(undefined)} />
    </Box>
  );
}

function NextStep(props: {
  readonly account: AccountView;
  readonly pending: boolean;
  readonly onSignIn: (access?: "private") => void;
  readonly onReplace: () => void;
}) {
  const say = useSay(accounts);
  const { account, pending, onSignIn, onReplace } = props;
  const { state, app } = account;
  if (account.kind === "git-token") return null;
  if (state !== "ready")
    return (
      <Button
        size="xs"
        colorPalette="accent"
        loading={pending}
        onClick={() => (app === null ? onReplace() : onSignIn())}
      >
        {app === null ? say("replace") : say(state === "waiting" ? "signIn" : "signInAgain")}
      </Button>
    );
  const installUrl = app?.installUrl ?? null;
  if (installUrl !== null)
    return (
      <Button size="xs" variant="outline" onClick={() => openExternal(installUrl)}>
        {say("choose")}
      </Button>
    );
  return account.readsPrivate ? null : (
    <Button size="xs" variant="outline" loading={pending} onClick={() => onSignIn("private")}>
      {say("readPrivate")}
    </Button>
  );
}

function More(props: {
  readonly account: AccountView;
  readonly onSignIn: () => void;
  readonly onDialog: (dialog: "replace" | "disconnect") => void;
}) {
  const say = useSay(accounts);
  const { account, onSignIn, onDialog } = props;
  const { id, name, kind, state, app } = account;
  const queries = useQueryClient();
  const refresh = (): void => void queries.invalidateQueries({ queryKey: api.accounts.key() });
  const check = useMutation(api.accounts.check.mutationOptions({ onSuccess: refresh, onError: toastError }));
  const signOut = useMutation(
    api.accounts.signOut.mutationOptions({
      onSuccess: ({ note }) => {
        refresh();
        void toast({ title: say("signedOut", { name }), ...(note !== null && { description: note }) });
      },
      onError: toastError,
    }),
  );
  const items = [
    { value: "check", title: say("check"), shown: kind !== "git-token", run: () => check.mutate({ account: id }) },
    { value: "again", title: say("signInAgain"), shown: app !== null && state === "ready", run: onSignIn },
    { value: "replace", title: say("replace"), shown: kind === "token", run: () => onDialog("replace") },
    {
      value: "settings",
      title: say("settings"),
      shown: app !== null,
      run: () => app !== null && openExternal(app.settingsUrl),
    },
    {
      value: "signOut",
      title: say("signOut"),
      shown: app !== null && state === "ready",
      run: () => signOut.mutate({ account: id }),
    },
    { value: "disconnect", title: say("disconnect"), shown: true, run: () => onDialog("disconnect") },
  ];
  return (
    <Menu.Root>
      <Menu.Trigger asChild>
        <IconButton
          size="xs"
          variant="ghost"
          aria-label={say("more", { name })}
          loading={check.isPending || signOut.isPending}
        >
          <Ellipsis size={14} />
        </IconButton>
      </Menu.Trigger>
      <Portal>
        <Menu.Positioner>
          <Menu.Content>
            {items
              .filter(({ shown }) => shown)
              .map(({ value, title, run }) => (
                <Menu.Item key={value} value={value} onClick={run}>
                  {title}
                </Menu.Item>
              ))}
          </Menu.Content>
        </Menu.Positioner>
      </Portal>
    </Menu.Root>
  );
}

function Disconnect({
  account,
  open,
  onClose,
}: {
  readonly account: AccountView;
  readonly open: boolean;
  readonly onClose: () => void;
}) {
  const say = useSay(accounts);
  const { id, name, projects } = account;
  const queries = useQueryClient();
  const disconnect = useMutation(
    api.accounts.disconnect.mutationOptions({
      onSuccess: ({ note }) => {
        onClose();
        void queries.invalidateQueries({ queryKey: api.accounts.key() });
        void queries.invalidateQueries({ queryKey: api.repositories.key() });
        void toast({ title: say("disconnected", { name }), ...(note !== null && { description: note }) });
      },
    }),
  );
  return (
    <ConfirmByTyping
      open={open}
      onClose={onClose}
      title={say("disconnect.title", { name })}
      name={name}
      action={say("disconnect")}
      onConfirm={() => disconnect.mutate({ account: id })}
      pending={disconnect.isPending}
      error={disconnect.error}
    >
      {say("disconnect.text", { count: projects.length })}
    </ConfirmByTyping>
  );
}
