import { IconButton } from "@chakra-ui/react";
import { Monitor, Moon, Sun } from "lucide-react";
import { chooseTheme, themes, useTheme, type Theme } from "../theme/color-mode.ts";
import { shell } from "../words/shell.ts";
import { useSay } from "../words/say.ts";

const icons = { system: Monitor, light: Sun, dark: Moon } as const satisfies Record<Theme, unknown>;

/** Goes from the system's theme to light to dark. */
export function ThemeSwitch() {
  const say = useSay(shell);
  const theme = useTheme();
  const Icon = icons[theme];
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? "system";
  const label = `${say("theme.label")}: ${say(`theme.${theme}`)}`;
  return (
    <IconButton aria-label={label} title={label} size="xs" variant="ghost" onClick={() => chooseTheme(next)}>
      <Icon size={15} />
    </IconButton>
  );
}
