import { Badge, Box, Flex, IconButton, Link, Text } from "@chakra-ui/react";
import { useMutation } from "@tanstack/react-query";
import { ExternalLink, Rocket } from "lucide-react";
import { useRouter } from "@tanstack/react-router";
import { api } from "../../api/client.ts";
import { AppLink } from "../../parts/app-link.tsx";
import { StatusBadge } from "../../parts/status-badge.tsx";
import { Time } from "../../parts/time.tsx";
import { toast, toastError } from "../../parts/toast.ts";
import { deploymentPath, projectPath } from "../../paths.ts";
import { dashboard } from "../../words/dashboard.ts";
import { useSay } from "../../words/say.ts";
import type { Summary } from "./summarize.ts";

/** One project: what it is, how it stands, where it answers, what happened last. */
export function ProjectRow({ row }: { readonly row: Summary }) {
  return (
    <Flex align="center" columnGap="4" rowGap="1" px="4" py="2" minH="56px" wrap={{ base: "wrap", md: "nowrap" }}>
      <Name row={row} />
      <Box width={{ md: "132px" }} flexShrink={0}>
        <StatusBadge status={row.status} quiet />
      </Box>
      <Last row={row} />
      <Actions row={row} />
    </Flex>
  );
}

function Name({ row }: { readonly row: Summary }) {
  const say = useSay(dashboard);
  return (
    <Box flex={{ base: "1 1 100%", md: "1 1 0" }} minW="0">
      <Flex align="center" gap="2" minW="0">
        <AppLink to={projectPath(row.name)} data-primary fontWeight="medium" truncate>
          {row.name}
        </AppLink>
        {row.others > 0 && (
          <Badge size="sm" variant="outline" flexShrink={0}>
            {say("others", { count: row.others })}
          </Badge>
        )}
        {row.changesPending && (
          <Badge size="sm" colorPalette="amber" flexShrink={0}>
            {say("pending")}
          </Badge>
        )}
      </Flex>
      <Text textStyle="small" color="fg.muted" truncate title={row.source}>
        {row.source}
      </Text>
    </Box>
  );
}

/** The commit or kind of the newest deployment, and when it was asked for. */
function Last({ row }: { readonly row: Summary }) {
  const say = useSay(dashboard);
  const { last } = row;
  const failed = last?.state === "failed" && row.status !== "failed";
  return (
    <Box flex={{ base: "1 1 160px", md: "1 1 0" }} minW="0" textStyle="small" color="fg.muted">
      {last === null ? (
        say("never")
      ) : (
        <>
          <Text truncate color={failed ? "fg.error" : "inherit"}>
            {failed ? say("lastFailed") : (last.commit?.message.split("\n")[0] ?? `#${last.sequence}`)}
          </Text>
          <AppLink to={deploymentPath(last.id)}>
            <Time at={last.createdAt} />
          </AppLink>
        </>
      )}
    </Box>
  );
}

function Actions({ row }: { readonly row: Summary }) {
  const say = useSay(dashboard);
  const router = useRouter();
  const deploy = useMutation(
    api.deployments.redeploy.mutationOptions({
      onSuccess: (deployment) =>
        toast({
          title: say("deploying", { name: row.name }),
          tone: "info",
          action: { label: say("follow"), onClick: () => void router.navigate({ to: deploymentPath(deployment.id) }) },
        }),
      onError: toastError,
    }),
  );
  const start = (): void =>
    deploy.mutate({ project: row.name, environment: row.environment, requestKey: crypto.randomUUID() });
  return (
    <Flex gap="1" flexShrink={0} width="72px" justify="end">
      {row.url !== null && (
        <IconButton asChild aria-label={say("openOf", { name: row.name })} title={row.url} size="xs" variant="ghost">
          <Link href={row.url} target="_blank" rel="noreferrer">
            <ExternalLink size={15} />
          </Link>
        </IconButton>
      )}
      {row.last !== null && (
        <IconButton
          aria-label={say("deployOf", { name: row.name })}
          title={say("deploy")}
          size="xs"
          variant="ghost"
          loading={deploy.isPending}
          onClick={start}
        >
          <Rocket size={15} />
        </IconButton>
      )}
    </Flex>
  );
}
