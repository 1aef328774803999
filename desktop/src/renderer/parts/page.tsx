import { Box, Flex, Heading } from "@chakra-ui/react";
import type { ReactNode } from "react";
import { WindowTitle } from "./window-title.tsx";

export interface PageProps {
  /** Stands in the heading and in the title of the window. */
  readonly title: string;
  /** Under the heading: what this is, where it runs. */
  readonly detail?: ReactNode;
  /** Buttons at the right of the heading. */
  readonly actions?: ReactNode;
  /** Links above the heading that lead up. */
  readonly crumbs?: ReactNode;
  /** Uses all of the width, for logs and graphs. */
  readonly wide?: boolean;
  readonly children?: ReactNode;
}

/** A page: its title, its actions, its content. */
export function Page({ title, detail, actions, crumbs, wide = false, children }: PageProps) {
  return (
    <Box maxW={wide ? "none" : "1280px"} mx="auto" px={{ base: "4", md: "8" }} pt={{ base: "4", md: "6" }} pb="16">
      <WindowTitle title={title} />
      {crumbs !== undefined && (
        <Box textStyle="small" color="fg.muted" mb="1">
          {crumbs}
        </Box>
      )}
      <Flex wrap="wrap" align="center" justify="space-between" columnGap="4" rowGap="2" mb="5">
        <Box minW="0" flex="1 1 auto">
          <Heading as="h1" textStyle="pageTitle">
            {title}
          </Heading>
          {detail !== undefined && (
            <Box textStyle="small" color="fg.muted">
              {detail}
            </Box>
          )}
        </Box>
        {actions !== undefined && (
          <Flex gap="2" wrap="wrap">
            {actions}
          </Flex>
        )}
      </Flex>
      {children}
    </Box>
  );
}
