import { defineSemanticTokens } from "@chakra-ui/react";

function pair(light: string, dark: string): { value: { _light: string; _dark: string } } {
  return { value: { _light: `{colors.${light}}`, _dark: `{colors.${dark}}` } };
}

/** What `colorPalette` means for one colour. Text on `solid` and `fg` on `subtle` have at least 4.5 : 1 in both themes. */
function palette(name: string): Record<string, ReturnType<typeof pair>> {
  return {
    contrast: pair("white", "white"),
    fg: pair(`${name}.700`, `${name}.300`),
    subtle: pair(`${name}.50`, `${name}.950`),
    muted: pair(`${name}.100`, `${name}.900`),
    emphasized: pair(`${name}.200`, `${name}.800`),
    border: pair(`${name}.300`, `${name}.800`),
    solid: pair(`${name}.600`, `${name}.600`),
    focusRing: pair(`${name}.500`, `${name}.400`),
  };
}

export const semanticColors = defineSemanticTokens.colors({
  bg: {
    DEFAULT: pair("white", "gray.950"),
    subtle: pair("gray.50", "black"),
    muted: pair("gray.100", "gray.900"),
    emphasized: pair("gray.200", "gray.800"),
    inverted: pair("gray.900", "gray.100"),
    panel: pair("white", "gray.900"),
    error: pair("red.50", "red.950"),
    warning: pair("amber.50", "amber.950"),
    success: pair("green.50", "green.950"),
    info: pair("blue.50", "blue.950"),
  },
  backdrop: { value: { _light: "rgb(14 15 18 / 40%)", _dark: "rgb(0 0 0 / 60%)" } },
  fg: {
    DEFAULT: pair("gray.900", "gray.100"),
    muted: pair("gray.600", "gray.400"),
    // The faintest text still has 4.5 : 1.
    subtle: pair("gray.500", "gray.400"),
    inverted: pair("white", "gray.950"),
    error: pair("red.700", "red.300"),
    warning: pair("amber.700", "amber.300"),
    success: pair("green.700", "green.300"),
    info: pair("blue.700", "blue.300"),
  },
  border: {
    DEFAULT: pair("gray.200", "gray.800"),
    muted: pair("gray.100", "gray.900"),
    subtle: pair("gray.100", "gray.900"),
    emphasized: pair("gray.300", "gray.700"),
    inverted: pair("gray.800", "gray.200"),
    error: pair("red.500", "red.400"),
    warning: pair("amber.500", "amber.400"),
    success: pair("green.500", "green.400"),
    info: pair("blue.500", "blue.400"),
  },
  gray: {
    ...palette("gray"),
    solid: pair("gray.900", "gray.100"),
    contrast: pair("white", "gray.950"),
    fg: pair("gray.800", "gray.200"),
    focusRing: pair("indigo.500", "indigo.400"),
  },
  accent: palette("indigo"),
  green: palette("green"),
  red: palette("red"),
  amber: palette("amber"),
  blue: palette("blue"),
});
