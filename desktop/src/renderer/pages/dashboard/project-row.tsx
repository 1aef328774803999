import { Box, Button, Flex, IconButton, Link, Text } from "@chakra-ui/react";
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
    <Flex align="center" columnGap="4" rowGap="1" px="4" py="2" minH="60px" wrap={{ base: "wrap", md: "nowrap" }}>
      <Name row={row} />
      <State row={row} />
      <Last row={row} />
      <Address row={row} />
      <DeployButton row={row} />
    </Flex>
  );
}

function Name({ row }: { readonly row: Summary }) {
  const say = useSay(dashboard);
  return (
    <Box flex={{ base: "1 1 100%", md: "1 1 0" }} minW="0">
      <AppLink to={projectPath(row.name)} data-primary fontWeight="medium" display="block" truncate>
        {row.name}
      </AppLink>
      <Text textStyle="small" color="fg.muted" truncate title={row.source}>
        {row.source}
        {row.others > 0 && ` · ${say("others", { count: row.others })}`}
      </Text>
    </Box>
  );
}

function State({ row }: { readonly row: Summary }) {
  const say = useSay(dashboard);
  return (
    <Box width={{ md: "124px" }} flexShrink={0}>
      <StatusBadge status={row.status} quiet />
      {row.changesPending && (
        <Text textStyle="small" color="fg.warning">
          {say("pending")}
        </Text>
      )}
    </Box>
  );
}

/** The commit or kind of the newest deployment, when it was asked for, and whose work it is. */
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
          <Text truncate color={failed ? "fg.error" : "fg"}>
            {failed ? say("lastFailed") : (last.commit?.message.split("\n")[0] ?? `#${last.sequence}`)}
          </Text>
          <Text truncate>
            <AppLink to={deploymentPath(last.id)}>
              <Time at={last.createdAt} />
            </AppLink>
            {last.commit !== null && ` · ${last.commit.author}`}
          </Text>
        </>
      )}
    </Box>
  );
}

/** Where it answers: in words where there is room for them. */
function Address({ row: { name, url } }: { readonly row: Summary }) {
  const say = useSay(dashboard);
  return (
    <Flex flex={{ base: "0 0 32px", xl: "0 0 250px" }} minW="0" justify={{ base: "end", xl: "start" }}>
      {url !== null && (
        <Button asChild size="xs" variant="ghost" px={{ base: "0", xl: "2" }} maxW="full" fontWeight="normal">
          <Link href={url} target="_blank" rel="noreferrer" title={url}>
            <Text as="span" srOnly>
              {say("openOf", { name })}
            </Text>
            <Text as="span" display={{ base: "none", xl: "inline" }} truncate textStyle="small">
              {new URL(url).host}
            </Text>
            <ExternalLink size={15} aria-hidden />
          </Link>
        </Button>
      )}
    </Flex>
  );
}

function DeployButton({ row }: { readonly row: Summary }) {
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
    <Flex flex="0 0 32px" justify="end">
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
