import { Box, Button, Flex, Skeleton, Text } from "@chakra-ui/react";
import type { AccountView } from "@cloudsmith/contracts/api";
import { useQuery } from "@tanstack/react-query";
import { Building2, ExternalLink, UserRound } from "lucide-react";
import { api } from "../../api/client.ts";
import { openExternal } from "../../native.ts";
import { ErrorPanel } from "../../parts/error-panel.tsx";
import { accounts } from "../../words/accounts.ts";
import { useSay } from "../../words/say.ts";

/** Where a GitHub App is installed: what it can read. */
export function Installations({ account }: { readonly account: AccountView }) {
  const say = useSay(accounts);
  const list = useQuery(
    api.accounts.installations.queryOptions({ input: { account: account.id }, refetchOnWindowFocus: "always" }),
  );
  return (
    <Box mt="3" pt="3" borderTopWidth="1px" borderColor="border.muted">
      <Text textStyle="small" color="fg.muted" mb="1">
        {say("installations")}
      </Text>
      {list.isPending && <Skeleton height="28px" borderRadius="md" />}
      {list.isError && <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.length === 0 && <Text textStyle="small">{say("installations.none")}</Text>}
      {list.data?.map(({ id, owner, ownerType, repositories, suspended, url }) => (
        <Flex key={id} align="center" gap="2" py="0.5" textStyle="small">
          {ownerType === "organization" ? <Building2 size={14} aria-hidden /> : <UserRound size={14} aria-hidden />}
          <Text fontWeight="medium">{owner}</Text>
          <Text color={suspended ? "fg.warning" : "fg.muted"} flex="1">
            {say(suspended ? "installations.suspended" : `installations.${repositories}`)}
          </Text>
          <Button
            size="xs"
            variant="ghost"
            aria-label={say("installations.change", { owner })}
            onClick={() => openExternal(url)}
          >
            <ExternalLink size={13} />
          </Button>
        </Flex>
      ))}
    </Box>
  );
}
