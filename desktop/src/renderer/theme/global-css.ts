import { defineGlobalStyles } from "@chakra-ui/react";

export const globalCss = defineGlobalStyles({
  "*": {
    "--global-font-mono": "fonts.mono",
    "--global-font-body": "fonts.body",
    "--global-color-border": "colors.border",
  },
  html: {
    color: "fg",
    bg: "bg",
    lineHeight: "1.5",
    fontSize: "100%",
    colorPalette: "gray",
    fontVariantNumeric: "tabular-nums",
  },
  body: { fontSize: "md", minHeight: "100dvh", overflowWrap: "anywhere" },
  "a, button, input, select, textarea, [tabindex]": { scrollMarginBlock: "80px" },
  ":focus-visible": { outline: "2px solid", outlineColor: "accent.focusRing", outlineOffset: "2px" },
  "*::placeholder": { color: "fg.subtle", opacity: 1 },
  "*::selection": { bg: "accent.emphasized", color: "fg" },
  "*, *::before, *::after": {
    _motionReduce: {
      animationDuration: "0.01ms !important",
      animationIterationCount: "1 !important",
      transitionDuration: "0.01ms !important",
      scrollBehavior: "auto !important",
    },
  },
});
