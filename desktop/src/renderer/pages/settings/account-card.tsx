import { Box, chakra, Flex, Heading, Text } from "@chakra-ui/react";
import type { AccountView } from "@cloudsmith/contracts/api";
import { CircleCheck, CircleDashed, TriangleAlert, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { AppLink } from "../../parts/app-link.tsx";
import type { Tone } from "../../parts/status-badge.tsx";
import { Time } from "../../parts/time.tsx";
import { projectPath } from "../../paths.ts";
import { accounts } from "../../words/accounts.ts";
import { useSay } from "../../words/say.ts";
import { AccountActions } from "./account-actions.tsx";
import { Installations } from "./installations.tsx";

/** How each state looks: colour, shape and word all differ. */
const looks: Readonly<Record<AccountView["state"], { tone: Tone; icon: LucideIcon }>> = {
  ready: { tone: "green", icon: CircleCheck },
  waiting: { tone: "gray", icon: CircleDashed },
  "signed-out": { tone: "amber", icon: TriangleAlert },
};

/** One account: what it is, how it stands, what can be done with it. */
export function AccountCard({ account }: { readonly account: AccountView }) {
  const say = useSay(accounts);
  const { name, kind, state, server, problem } = account;
  return (
    <Box as="article" aria-label={name} borderWidth="1px" borderRadius="lg" bg="bg.panel" p="4">
      <Flex align="center" justify="space-between" gap="3" wrap="wrap">
        <Box minW="0">
          <Flex align="center" gap="3" wrap="wrap">
            <Heading as="h2" textStyle="sectionTitle">
              {name}
            </Heading>
            <State state={state} />
          </Flex>
          <Text textStyle="small" color="fg.muted">
            {[say(`kind.${kind}`), server?.replace(/^https?:\/\//, "")].filter(Boolean).join(" · ")}
          </Text>
        </Box>
        <AccountActions account={account} />
      </Flex>
      {problem !== null && (
        <Box role="status" mt="3" px="3" py="2" borderRadius="md" bg="bg.warning" textStyle="small">
          <Text fontWeight="medium">{problem.message}</Text>
          <Text color="fg.muted">{problem.fix}</Text>
        </Box>
      )}
      <Facts account={account} />
      {kind === "github-app" && state === "ready" && <Installations account={account} />}
    </Box>
  );
}

function State({ state }: { readonly state: AccountView["state"] }) {
  const say = useSay(accounts);
  const { tone, icon: Icon } = looks[state];
  return (
    <Flex
      as="span"
      align="center"
      gap="1.5"
      fontSize="sm"
      fontWeight="medium"
      colorPalette={tone}
      color={tone === "gray" ? "fg.muted" : "colorPalette.fg"}
    >
      <Icon size={14} strokeWidth={2.25} aria-hidden />
      {say(`state.${state}`)}
    </Flex>
  );
}

function Facts({ account }: { readonly account: AccountView }) {
  const say = useSay(accounts);
  const { login, readsPrivate, renewsItself, expiresAt, projects, checkedAt, kind } = account;
  return (
    <chakra.dl display="grid" gridTemplateColumns="max-content 1fr" columnGap="4" rowGap="1" mt="3" textStyle="small">
      {login !== null && <Fact label={say("as")}>{login}</Fact>}
      {kind !== "git-token" && <Fact label={say("reads")}>{say(readsPrivate ? "reads.private" : "reads.public")}</Fact>}
      <Fact label={say("ends")}>
        {renewsItself ? (
          say("ends.renews")
        ) : expiresAt === null ? (
          say("ends.never")
        ) : (
          <>
            {say("ends.at")} <Time at={expiresAt} />
          </>
        )}
      </Fact>
      <Fact label={say("projects")}>
        {projects.length === 0 ? (
          say("projects.none")
        ) : (
          <Flex gap="2" wrap="wrap">
            {projects.slice(0, 20).map((project) => (
              <AppLink key={project} to={projectPath(project)} textDecoration="underline">
                {project}
              </AppLink>
            ))}
          </Flex>
        )}
      </Fact>
      {checkedAt !== null && (
        <Fact label={say("checked")}>
          <Time at={checkedAt} />
        </Fact>
      )}
    </chakra.dl>
  );
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <>
      <chakra.dt color="fg.muted">{label}</chakra.dt>
      <chakra.dd m="0" minW="0">
        {children}
      </chakra.dd>
    </>
  );
}
