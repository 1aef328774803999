import { Box, Button, Flex, Text } from "@chakra-ui/react";
import type { RepositoryProblem } from "@cloudsmith/contracts/api";
import { ExternalLink, TriangleAlert } from "lucide-react";
import { openExternal } from "../../native.ts";
import { newProject as words } from "../../words/new-project.ts";
import { useSay } from "../../words/say.ts";

/** Why some repositories are not in the list, and where it can be put right. */
export function RepositoryProblems({ problems }: { readonly problems: readonly RepositoryProblem[] }) {
  const say = useSay(words);
  if (problems.length === 0) return null;
  return (
    <Box role="status" bg="bg.warning" borderRadius="lg" px="4" py="3" mb="3" textStyle="small">
      <Text fontWeight="medium">{say("problem.title")}</Text>
      {problems.map(({ account, organization, error, url }) => (
        <Flex key={`${account} ${organization ?? ""} ${error.code}`} gap="2" mt="1.5" align="start">
          <Box color="fg.warning" pt="0.5" aria-hidden>
            <TriangleAlert size={14} />
          </Box>
          <Box flex="1" minW="0">
            {[organization, error.message].filter((part) => part !== null).join(": ")}
            <Text color="fg.muted">{[error.cause, error.fix].filter((part) => part !== undefined).join(" ")}</Text>
          </Box>
          {url !== null && (
            <Button size="2xs" variant="outline" flexShrink={0} onClick={() => openExternal(url)}>
              {say("problem.fixAtGithub")}
              <ExternalLink size={12} />
            </Button>
          )}
        </Flex>
      ))}
    </Box>
  );
}
