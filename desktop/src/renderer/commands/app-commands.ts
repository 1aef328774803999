import { useNavigate } from "@tanstack/react-router";
import {
  Activity,
  Bell,
  BookOpen,
  Info,
  Keyboard,
  KeyRound,
  LayoutGrid,
  Monitor,
  Moon,
  Palette,
  Plus,
  Rocket,
  Search,
  Stethoscope,
} from "lucide-react";
import { chooseTheme } from "../theme/color-mode.ts";
import { palette } from "../words/palette.ts";
import { useSay } from "../words/say.ts";
import { show } from "./palette-state.ts";
import { useCommands } from "./registry.ts";

/** What can be done on every page. */
export function useAppCommands(): void {
  const say = useSay(palette);
  const navigate = useNavigate();
  const go =
    (to: string): (() => void) =>
    () =>
      void navigate({ to });
  const to = { group: say("group.go") };
  const app = { group: say("group.app") };
  useCommands([
    { ...app, id: "palette", title: say("open"), icon: Search, keys: "mod+k", run: () => show("palette") },
    { ...to, id: "go.projects", title: say("go.projects"), icon: LayoutGrid, keys: "g p", run: go("/") },
    { ...to, id: "go.activity", title: say("go.activity"), icon: Activity, keys: "g a", run: go("/activity") },
    { ...to, id: "go.new", title: say("go.new"), icon: Plus, keys: "g n", run: go("/new") },
    { ...to, id: "go.welcome", title: say("go.welcome"), icon: Rocket, keys: "g s", run: go("/welcome") },
    {
      ...to,
      id: "go.appearance",
      title: say("go.appearance"),
      icon: Palette,
      keys: "g ,",
      run: go("/settings/appearance"),
    },
    { ...to, id: "go.accounts", title: say("go.accounts"), icon: KeyRound, run: go("/settings/accounts") },
    { ...to, id: "go.sessions", title: say("go.sessions"), icon: Monitor, run: go("/settings/sessions") },
    { ...to, id: "go.notifications", title: say("go.notifications"), icon: Bell, run: go("/settings/notifications") },
    {
      ...to,
      id: "go.diagnostics",
      title: say("go.diagnostics"),
      icon: Stethoscope,
      keys: "g d",
      run: go("/settings/diagnostics"),
    },
    { ...to, id: "go.about", title: say("go.about"), icon: Info, run: go("/about") },
    { ...to, id: "go.api", title: say("go.api"), icon: BookOpen, run: () => window.open("/api", "_blank", "noopener") },
    ...(["light", "dark", "system"] as const).map((theme) => ({
      ...app,
      id: `theme.${theme}`,
      title: say(`theme.${theme}`),
      icon: Moon,
      run: () => chooseTheme(theme),
    })),
    { ...app, id: "shortcuts", title: say("sheet.open"), icon: Keyboard, keys: "?", run: () => show("shortcuts") },
  ]);
}
