import { Box, Button, Flex, Grid, Heading, Text } from "@chakra-ui/react";
import type { SampleName } from "@cloudsmith/contracts/api";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Database, FileCode2, FolderGit2, Globe, Rocket, Server, Triangle, type LucideIcon } from "lucide-react";
import { CreateAppButton } from "../../accounts/create-app-button.tsx";
import { api } from "../../api/client.ts";
import { AppLink } from "../../parts/app-link.tsx";
import { ErrorPanel } from "../../parts/error-panel.tsx";
import { Page } from "../../parts/page.tsx";
import { RowsSkeleton } from "../../parts/page-states.tsx";
import { Section } from "../../parts/section.tsx";
import { deploymentPath } from "../../paths.ts";
import { useSay } from "../../words/say.ts";
import { welcome } from "../../words/welcome.ts";

const icons: Readonly<Record<SampleName, LucideIcon>> = {
  "static-site": Globe,
  guestbook: Server,
  "express-api": Database,
  "vite-spa": FileCode2,
  "next-app": Triangle,
};

/** The first minute: a sample goes live with one click. */
export function WelcomePage() {
  const say = useSay(welcome);
  const navigate = useNavigate();
  const samples = useQuery(api.samples.list.queryOptions());
  const deploy = useMutation(
    api.samples.deploy.mutationOptions({
      onSuccess: ({ deployment }) => navigate({ href: deploymentPath(deployment.id) }),
    }),
  );
  return (
    <Page title={say("title")} detail={say("detail")}>
      <Section title={say("samples.title")} detail={say("samples.detail")}>
        {samples.isPending && <RowsSkeleton rows={3} height="72px" />}
        {samples.isError && <ErrorPanel error={samples.error} onRetry={() => void samples.refetch()} />}
        {deploy.isError && (
          <Box mb="3">
            <ErrorPanel error={deploy.error} />
          </Box>
        )}
        <Grid gap="3" templateColumns={{ base: "1fr", md: "1fr 1fr", xl: "1fr 1fr 1fr" }}>
          {samples.data?.map(({ name }) => (
            <Sample
              key={name}
              name={name}
              pending={deploy.isPending && deploy.variables.sample === name}
              disabled={deploy.isPending}
              onDeploy={() => deploy.mutate({ sample: name })}
            />
          ))}
        </Grid>
      </Section>
      <Section title={say("own.title")} detail={say("own.detail")}>
        <Button asChild size="sm" variant="outline">
          <AppLink to="/new">
            <FolderGit2 size={15} aria-hidden />
            {say("own.action")}
          </AppLink>
        </Button>
      </Section>
      <Section title={say("github.title")} detail={say("github.detail")}>
        <CreateAppButton quiet />
      </Section>
    </Page>
  );
}

function Sample({
  name,
  pending,
  disabled,
  onDeploy,
}: {
  readonly name: SampleName;
  readonly pending: boolean;
  readonly disabled: boolean;
  readonly onDeploy: () => void;
}) {
  const say = useSay(welcome);
  const Icon = icons[name];
  return (
    <Flex direction="column" gap="2" borderWidth="1px" borderRadius="lg" p="4" bg="bg.panel">
      <Flex align="center" gap="2">
        <Icon size={16} aria-hidden />
        <Heading as="h3" textStyle="label" fontSize="md">
          {say(`${name}.name`)}
        </Heading>
      </Flex>
      <Text textStyle="small" color="fg.muted" flex="1">
        {say(`${name}.text`)}
      </Text>
      <Box>
        <Button
          size="xs"
          colorPalette="accent"
          aria-label={say("deploySample", { name: say(`${name}.name`) })}
          loading={pending}
          disabled={disabled}
          onClick={onDeploy}
        >
          <Rocket size={13} />
          {say("deploy")}
        </Button>
      </Box>
    </Flex>
  );
}
