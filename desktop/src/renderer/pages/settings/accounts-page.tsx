import { Flex, Stack } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { ConnectMenu } from "../../accounts/connect-menu.tsx";
import { CreateAppButton } from "../../accounts/create-app-button.tsx";
import { api } from "../../api/client.ts";
import { EmptyState } from "../../parts/empty-state.tsx";
import { ErrorPanel } from "../../parts/error-panel.tsx";
import { RowsSkeleton } from "../../parts/page-states.tsx";
import { accounts } from "../../words/accounts.ts";
import { useSay } from "../../words/say.ts";
import { AccountCard } from "./account-card.tsx";
import { SettingsFrame } from "./settings-frame.tsx";

/** What repositories at GitHub are read with: connect, look, sign out. */
export function AccountsPage() {
  const say = useSay(accounts);
  // The sign-in happens elsewhere: whoever comes back to this window sees how it ended.
  const list = useQuery(api.accounts.list.queryOptions({ refetchOnWindowFocus: "always" }));
  return (
    <SettingsFrame tab="accounts">
      {list.isPending && <RowsSkeleton rows={2} height="120px" />}
      {list.isError && <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.length === 0 && (
        <EmptyState icon={KeyRound} title={say("empty.title")} text={say("empty.text")}>
          <CreateAppButton />
          <ConnectMenu />
        </EmptyState>
      )}
      {list.data !== undefined && list.data.length > 0 && (
        <Stack gap="4">
          {list.data.map((account) => (
            <AccountCard key={account.id} account={account} />
          ))}
          <Flex gap="2" wrap="wrap" mt="2">
            <CreateAppButton quiet />
            <ConnectMenu />
          </Flex>
        </Stack>
      )}
    </SettingsFrame>
  );
}
