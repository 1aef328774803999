import { chakra } from "@chakra-ui/react";
import { createLink } from "@tanstack/react-router";

/** A link to a page of this app, with Chakra's style props; its address is checked by the compiler. */
export const AppLink = createLink(
  chakra("a", {
    base: { color: "inherit", textDecoration: "none", borderRadius: "sm", _hover: { textDecoration: "underline" } },
  }),
);
