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
  },
  body: { fontSize: "md", minHeight: "100dvh", overflowWrap: "anywhere" },
  "a, button, input, select, textarea, [tabindex]": { scrollMarginBlock: "80px" },
  ":focus-visible": { outline: "2px solid", outlineColor: "accent.focusRing", outlineOffset: "2px" },
  // Elsewhere they would set hyphens and dots as wide as figures.
  "time, td, th, [data-figures]": { fontVariantNumeric: "tabular-nums" },
  "*::placeholder": { color: "fg.subtle", opacity: 1 },
  "*::selection": { bg: "accent.emphasized", color: "fg" },
  "*, *::before, *::after": {
    _motionReduce: {
      // What waits for the end of an animation still gets its event.
      animationDuration: "0.01ms !important",
      animationIterationCount: "1 !important",
      // Anything above zero would make every property of every element a transition, and inherited colours come late.
      transitionDuration: "0s !important",
      scrollBehavior: "auto !important",
    },
  },
});
