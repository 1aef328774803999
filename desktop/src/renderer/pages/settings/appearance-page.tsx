import { Text } from "@chakra-ui/react";
import { FilterGroup } from "../../parts/filter-group.tsx";
import { Section } from "../../parts/section.tsx";
import { chooseTheme, themes, useTheme } from "../../theme/color-mode.ts";
import { chooseLocale, locales, useLocale, useSay } from "../../words/say.ts";
import { settings } from "../../words/settings.ts";
import { SettingsFrame } from "./settings-frame.tsx";

/** How Launchboard looks here. */
export function AppearancePage() {
  const say = useSay(settings);
  const motion = window.matchMedia("(prefers-reduced-motion: reduce)").matches ? "motion.off" : "motion.on";
  return (
    <SettingsFrame tab="appearance">
      <Section title={say("appearance.theme")} detail={say("appearance.themeDetail")}>
        <FilterGroup
          label={say("appearance.theme")}
          value={useTheme()}
          options={themes.map((theme) => ({ value: theme, label: say(`theme.${theme}`) }))}
          onChange={chooseTheme}
        />
      </Section>
      <Section title={say("appearance.language")} detail={say("appearance.languageDetail")}>
        <FilterGroup
          label={say("appearance.language")}
          value={useLocale()}
          options={locales.map((each) => ({ value: each, label: say(`language.${each}`) }))}
          onChange={chooseLocale}
        />
      </Section>
      <Section title={say("appearance.motion")}>
        <Text color="fg.muted">{say("appearance.motionText", { state: say(motion) })}</Text>
      </Section>
    </SettingsFrame>
  );
}
