import { createSystem, defaultBaseConfig, defineConfig, mergeConfigs } from "@chakra-ui/react";
import { globalCss } from "./global-css.ts";
import { recipes, slotRecipes } from "./recipes.ts";
import { semanticColors } from "./semantic-colors.ts";
import { textStyles, tokens } from "./tokens.ts";
import { animationStyles, keyframes, layerStyles, semanticTokens } from "@chakra-ui/react/theme";

const config = defineConfig({
  preflight: true,
  cssVarsPrefix: "cs",
  cssVarsRoot: ":where(html)",
  globalCss,
  theme: {
    breakpoints: { sm: "480px", md: "768px", lg: "1024px", xl: "1280px", "2xl": "1536px" },
    keyframes,
    tokens,
    semanticTokens: { ...semanticTokens, colors: semanticColors },
    recipes,
    slotRecipes,
    textStyles,
    layerStyles,
    animationStyles,
  },
});

/** Chakra with our own tokens and only the recipes that pages use: what is not named in `recipes.ts` is not in the bundle. */
export const system = createSystem(mergeConfigs(defaultBaseConfig, config));
