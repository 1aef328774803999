import { chakra } from "@chakra-ui/react";

/** Around a table, which scrolls in it where it has no room. */
export const Frame = chakra("div", {
  base: { borderWidth: "1px", borderRadius: "lg", bg: "bg.panel", overflowX: "auto", mb: "4" },
});

/** A plain table in the look of the app. */
export const Table = chakra("table", {
  base: { width: "full", textStyle: "small", borderCollapse: "collapse", "& tbody tr:last-of-type td": { border: 0 } },
});

export const HeadCell = chakra("th", {
  base: {
    textAlign: "start",
    fontWeight: "medium",
    color: "fg.muted",
    px: "3",
    py: "1.5",
    borderBottomWidth: "1px",
    bg: "bg.subtle",
    whiteSpace: "nowrap",
  },
});

export const Cell = chakra("td", {
  base: { px: "3", py: "1.5", borderBottomWidth: "1px", verticalAlign: "top", overflowWrap: "anywhere" },
});
