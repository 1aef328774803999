import { Stack, Switch, Text } from "@chakra-ui/react";
import { useState } from "react";
import { native } from "../../native.ts";
import { changeWishes, useWishes, type Wishes } from "../../notifications/wishes.ts";
import { Section } from "../../parts/section.tsx";
import { useSay } from "../../words/say.ts";
import { settings } from "../../words/settings.ts";
import { SettingsFrame } from "./settings-frame.tsx";

const choices = ["live", "failed", "system"] as const satisfies readonly (keyof Wishes)[];

/** What the bell tells, and whether the system tells it too. */
export function NotificationsPage() {
  const say = useSay(settings);
  const wishes = useWishes();
  const [denied, setDenied] = useState(false);
  const isSupported = native !== undefined || "Notification" in window;
  const change = async (choice: keyof Wishes, on: boolean): Promise<void> => {
    const isAllowed = choice !== "system" || !on || (await mayNotify());
    setDenied(!isAllowed);
    if (isAllowed) changeWishes({ [choice]: on });
  };
  return (
    <SettingsFrame tab="notifications">
      <Section title={say("notify.title")} detail={say("notify.detail")}>
        <Stack gap="3" mt="2">
          {choices.map((choice) => (
            <Switch.Root
              key={choice}
              size="sm"
              colorPalette="accent"
              checked={wishes[choice]}
              disabled={choice === "system" && !isSupported}
              onCheckedChange={({ checked }) => void change(choice, checked)}
            >
              <Switch.HiddenInput />
              <Switch.Control />
              <Switch.Label>{say(`notify.${choice}`)}</Switch.Label>
            </Switch.Root>
          ))}
          {(denied || !isSupported) && (
            <Text role="alert" textStyle="small" color="fg.warning">
              {say(isSupported ? "notify.denied" : "notify.unsupported")}
            </Text>
          )}
        </Stack>
      </Section>
    </SettingsFrame>
  );
}

async function mayNotify(): Promise<boolean> {
  return native !== undefined || (await Notification.requestPermission()) === "granted";
}
