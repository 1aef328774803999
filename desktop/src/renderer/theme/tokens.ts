import { defineTextStyles, defineTokens } from "@chakra-ui/react";
import { tokens as chakra } from "@chakra-ui/react/theme";

const sans = `"Inter Variable", system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif`;
const mono = `ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace`;

/** A scale of one colour, from lightest to darkest. */
function scale(...values: readonly string[]): Record<string, { value: string }> {
  const steps = ["50", "100", "200", "300", "400", "500", "600", "700", "800", "900", "950"];
  return Object.fromEntries(steps.map((step, index) => [step, { value: values[index] ?? "" }]));
}

export const tokens = defineTokens({
  ...chakra,
  fonts: { heading: { value: sans }, body: { value: sans }, mono: { value: mono } },
  fontSizes: {
    "2xs": { value: "0.6875rem" },
    xs: { value: "0.75rem" },
    sm: { value: "0.8125rem" },
    md: { value: "0.875rem" },
    lg: { value: "1rem" },
    xl: { value: "1.125rem" },
    "2xl": { value: "1.375rem" },
    "3xl": { value: "1.75rem" },
    "4xl": { value: "2.25rem" },
  },
  colors: {
    transparent: { value: "transparent" },
    current: { value: "currentColor" },
    white: { value: "#ffffff" },
    black: { value: "#08090a" },
    gray: scale(
      "#fafafa",
      "#f4f4f6",
      "#e6e7eb",
      "#d3d5dc",
      "#9ea2ae",
      "#6d717f",
      "#535764",
      "#3b3e49",
      "#26282f",
      "#17181c",
      "#0e0f12",
    ),
    indigo: scale(
      "#eef0ff",
      "#e0e3ff",
      "#c8cdff",
      "#a8aeff",
      "#8a8cff",
      "#6f6af8",
      "#5b50e8",
      "#4b40c9",
      "#3c349e",
      "#2a2670",
      "#1b1945",
    ),
    green: scale(
      "#ecfdf3",
      "#d5f7e3",
      "#a9edc7",
      "#70dca3",
      "#3cc47e",
      "#1fa563",
      "#12844d",
      "#0f6a40",
      "#0f5435",
      "#0c3a26",
      "#072417",
    ),
    red: scale(
      "#fff1f0",
      "#ffe1df",
      "#ffc6c2",
      "#ff9f99",
      "#fb736b",
      "#ee4b43",
      "#d02e28",
      "#ad2320",
      "#8a201e",
      "#591817",
      "#360f0f",
    ),
    amber: scale(
      "#fff9e8",
      "#fff0c7",
      "#ffdf8a",
      "#fbc84a",
      "#eeae1f",
      "#cf8c0b",
      "#a66a07",
      "#83520b",
      "#68410f",
      "#45290a",
      "#2b1a06",
    ),
    blue: scale(
      "#eff6ff",
      "#dceafe",
      "#bcd8fd",
      "#8fbefa",
      "#5c9cf5",
      "#377dec",
      "#2463d1",
      "#1f50aa",
      "#1f4488",
      "#182f5c",
      "#0f1d38",
    ),
  },
});

export const textStyles = defineTextStyles({
  // Sizes by which the recipes of components name their text.
  "2xs": { value: { fontSize: "2xs", lineHeight: "1.4" } },
  xs: { value: { fontSize: "xs", lineHeight: "1.4" } },
  sm: { value: { fontSize: "sm", lineHeight: "1.4" } },
  md: { value: { fontSize: "md", lineHeight: "1.5" } },
  lg: { value: { fontSize: "lg", lineHeight: "1.5" } },
  xl: { value: { fontSize: "xl", lineHeight: "1.4" } },
  pageTitle: { value: { fontSize: "xl", fontWeight: "semibold", lineHeight: "1.4", letterSpacing: "-0.015em" } },
  sectionTitle: { value: { fontSize: "md", fontWeight: "semibold", lineHeight: "1.4", letterSpacing: "-0.006em" } },
  label: { value: { fontSize: "sm", fontWeight: "medium", lineHeight: "1.4" } },
  body: { value: { fontSize: "md", lineHeight: "1.5" } },
  small: { value: { fontSize: "sm", lineHeight: "1.5" } },
  mono: { value: { fontFamily: "mono", fontSize: "0.8125rem", lineHeight: "1.5" } },
});
