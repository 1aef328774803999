import { Box, Flex, Heading, Text } from "@chakra-ui/react";
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

/** Nothing is here: what would be, and what to do next. */
export function EmptyState({
  icon: Icon,
  title,
  text,
  children,
}: {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text: string;
  readonly children?: ReactNode;
}) {
  return (
    <Flex direction="column" align="center" textAlign="center" py="14" px="6" gap="1">
      <Box color="fg.subtle" mb="2" aria-hidden>
        <Icon size={28} strokeWidth={1.5} />
      </Box>
      <Heading as="h2" textStyle="sectionTitle">
        {title}
      </Heading>
      <Text textStyle="small" color="fg.muted" maxW="420px">
        {text}
      </Text>
      {children !== undefined && (
        <Flex gap="2" mt="4" wrap="wrap" justify="center">
          {children}
        </Flex>
      )}
    </Flex>
  );
}
