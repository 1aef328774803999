import { Box, Flex, Heading } from "@chakra-ui/react";
import { useId, type ReactNode } from "react";

export interface SectionProps {
  readonly title: string;
  readonly detail?: ReactNode;
  readonly actions?: ReactNode;
  /** The content stands in a frame. */
  readonly framed?: boolean;
  readonly children: ReactNode;
}

/** A part of a page under a heading of its own. */
export function Section({ title, detail, actions, framed = false, children }: SectionProps) {
  const id = useId();
  return (
    <Box as="section" aria-labelledby={id} mb="8">
      <Flex align="end" justify="space-between" wrap="wrap" gap="2" mb="2">
        <Box>
          <Heading as="h2" id={id} textStyle="sectionTitle">
            {title}
          </Heading>
          {detail !== undefined && (
            <Box textStyle="small" color="fg.muted">
              {detail}
            </Box>
          )}
        </Box>
        {actions}
      </Flex>
      {framed ? (
        <Box borderWidth="1px" borderRadius="lg" bg="bg.panel" overflow="hidden">
          {children}
        </Box>
      ) : (
        children
      )}
    </Box>
  );
}
