import { chakra, Flex, NativeSelect } from "@chakra-ui/react";
import type { EnvironmentView, ProjectView } from "@cloudsmith/contracts/api";
import { createLink } from "@tanstack/react-router";
import { useCommands } from "../../commands/registry.ts";
import { project as words } from "../../words/project.ts";
import { useSay } from "../../words/say.ts";
import { tabs, type Tab } from "./project-search.ts";
import { inOrder, useProjectNavigate } from "./use-project-page.ts";

const TabLink = createLink(
  chakra("a", {
    base: {
      display: "inline-flex",
      alignItems: "center",
      height: "36px",
      px: "2.5",
      mb: "-1px",
      fontSize: "md",
      color: "fg.muted",
      borderBottomWidth: "2px",
      borderColor: "transparent",
      whiteSpace: "nowrap",
      _hover: { color: "fg" },
      _focusVisible: { outlineOffset: "-2px" },
      "&[data-current]": { color: "fg", fontWeight: "medium", borderColor: "accent.solid" },
    },
  }),
);

export interface ProjectTabsProps {
  readonly view: ProjectView;
  readonly tab: Tab;
  readonly environment: EnvironmentView | undefined;
}

/** The parts of a project as links, and the environment that they are about. */
export function ProjectTabs({ view, tab, environment }: ProjectTabsProps) {
  const say = useSay(words);
  const go = useProjectNavigate(view);
  const { name } = view.project;
  const search = environment === undefined ? {} : searchFor(environment);
  useCommands(
    tabs.map((each, index) => ({
      id: `project.${each}`,
      title: say("command.tab", { name, tab: say(`tab.${each}`) }),
      group: say("group", { name }),
      keys: String(index + 1),
      run: () => go({ rollback: undefined, ask: undefined, state: undefined }, each),
    })),
  );
  return (
    <Flex
      borderBottomWidth="1px"
      mb="6"
      justify="space-between"
      align="end"
      gap="3"
      wrap={{ base: "wrap", md: "nowrap" }}
    >
      <Flex as="nav" aria-label={say("tabs")} wrap="wrap">
        {tabs.map((each) => {
          const current = each === tab ? { "aria-current": "page" as const, "data-current": "" } : {};
          return each === "overview" ? (
            <TabLink key={each} to="/projects/$project" params={{ project: name }} search={search} {...current}>
              {say("tab.overview")}
            </TabLink>
          ) : (
            <TabLink
              key={each}
              to="/projects/$project/$tab"
              params={{ project: name, tab: each }}
              search={search}
              {...current}
            >
              {say(`tab.${each}`)}
            </TabLink>
          );
        })}
      </Flex>
      {tab !== "overview" && tab !== "settings" && view.environments.length > 1 && environment !== undefined && (
        <NativeSelect.Root size="xs" width="auto" mb="1">
          <NativeSelect.Field
            aria-label={say("environment")}
            value={environment.environment.name}
            onChange={(event) => go({ environment: event.target.value, rollback: undefined })}
          >
            {inOrder(view.environments).map(({ environment: { id, name: each } }) => (
              <option key={id} value={each}>
                {each}
              </option>
            ))}
          </NativeSelect.Field>
          <NativeSelect.Indicator />
        </NativeSelect.Root>
      )}
    </Flex>
  );
}

function searchFor({ environment: { name } }: EnvironmentView): { environment?: string } {
  return name === "production" ? {} : { environment: name };
}
