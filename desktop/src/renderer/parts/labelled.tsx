import { Box, Flex, Text } from "@chakra-ui/react";
import type { ReactNode } from "react";

/** A line that begins with what it is about; the texts of several stand under each other. */
export function Labelled({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <Flex textStyle="small" mt="1" columnGap="2" wrap={{ base: "wrap", sm: "nowrap" }}>
      <Text as="span" color="fg.muted" flex={{ base: "1 1 100%", sm: "0 0 84px" }}>
        {label}
      </Text>
      <Box minW="0" flex="1">
        {children}
      </Box>
    </Flex>
  );
}
