import { Box, Flex, Skeleton, Text } from "@chakra-ui/react";
import type { SourceRef } from "@cloudsmith/contracts";
import { RowsSkeleton } from "../../parts/page-states.tsx";
import { SourceIcon } from "../../source/source-icon.tsx";
import { sourcePlace } from "../../source/source-text.ts";
import { review as words } from "../../words/review.ts";
import { useSay } from "../../words/say.ts";

/** The page while its source is fetched, which may take some seconds for a large repository. */
export function ReviewSkeleton({ source }: { readonly source: SourceRef }) {
  const say = useSay(words);
  return (
    <Box>
      <Flex align="center" gap="2" mb="2" role="status">
        <SourceIcon type={source.type} />
        <Text textStyle="mono" truncate>
          {sourcePlace(source)}
        </Text>
        <Text textStyle="small" color="fg.muted" whiteSpace="nowrap">
          {say(source.type === "folder" ? "loading.folder" : "loading.git")}
        </Text>
      </Flex>
      <RowsSkeleton rows={7} height="36px" />
      <Skeleton height="20px" width="160px" mt="8" mb="3" />
      <RowsSkeleton rows={3} height="40px" />
    </Box>
  );
}
