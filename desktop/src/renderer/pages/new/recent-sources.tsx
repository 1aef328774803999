import { chakra, Flex, Grid, Text } from "@chakra-ui/react";
import type { RecentSource } from "@cloudsmith/contracts/api";
import { useQuery } from "@tanstack/react-query";
import { api } from "../../api/client.ts";
import { AppLink } from "../../parts/app-link.tsx";
import { Section } from "../../parts/section.tsx";
import { Time } from "../../parts/time.tsx";
import { SourceIcon } from "../../source/source-icon.tsx";
import { searchOf } from "../../source/source-search.ts";
import { sourceDetail, sourceName, sourcePlace } from "../../source/source-text.ts";
import { newProject as words } from "../../words/new-project.ts";
import { useSay } from "../../words/say.ts";

const List = chakra(Grid, { base: { listStyleType: "none", gap: "2" } });

/** What was deployed of late; nothing where there is none. */
export function RecentSources() {
  const say = useSay(words);
  const recent = useQuery(api.sources.recent.queryOptions({ input: { limit: 6 } }));
  if (recent.data === undefined || recent.data.length === 0) return null;
  return (
    <Section title={say("recent.title")}>
      <List
        as="ul"
        aria-label={say("recent.list")}
        templateColumns={{ base: "minmax(0, 1fr)", sm: "repeat(2, minmax(0, 1fr))", lg: "repeat(3, minmax(0, 1fr))" }}
      >
        {recent.data.map((each) => (
          <li key={each.projectId + sourceDetail(each.source)}>
            <Recent recent={each} />
          </li>
        ))}
      </List>
    </Section>
  );
}

function Recent({ recent: { source, project, at } }: { readonly recent: RecentSource }) {
  const detail = sourceDetail(source);
  return (
    <AppLink
      to="/new/review"
      search={searchOf(source)}
      title={sourcePlace(source)}
      display="flex"
      gap="2.5"
      alignItems="center"
      borderWidth="1px"
      borderRadius="lg"
      bg="bg.panel"
      px="3"
      py="2"
      _hover={{ bg: "bg.subtle", borderColor: "border.emphasized", textDecoration: "none" }}
    >
      <Flex color="fg.muted">
        <SourceIcon type={source.type} />
      </Flex>
      <Flex direction="column" minW="0" flex="1">
        <Text fontWeight="medium" truncate>
          {sourceName(source)}
        </Text>
        <Text textStyle="small" color="fg.muted" truncate>
          {[project, ...(detail === "" ? [] : [detail]), ""].join(" · ")}
          <Time at={at} />
        </Text>
      </Flex>
    </AppLink>
  );
}
