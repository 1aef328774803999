import { Stack, Switch, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { native } from "../../native.ts";
import { changeWishes, useWishes } from "../../notifications/wishes.ts";
import { toastError } from "../../parts/toast.ts";
import { Section } from "../../parts/section.tsx";
import { useSay } from "../../words/say.ts";
import { settings } from "../../words/settings.ts";
import { SettingsFrame } from "./settings-frame.tsx";

/** What the bell tells, and whether the system tells it too. */
export function NotificationsPage() {
  const say = useSay(settings);
  const wishes = useWishes();
  return (
    <SettingsFrame tab="notifications">
      <Section title={say("notify.title")} detail={say("notify.detail")}>
        <Stack gap="3" mt="2">
          <Choice label={say("notify.live")} on={wishes.live} onChange={(live) => changeWishes({ live })} />
          <Choice label={say("notify.failed")} on={wishes.failed} onChange={(failed) => changeWishes({ failed })} />
          {native === undefined ? <BySystem /> : <ByApp app={native} />}
        </Stack>
      </Section>
    </SettingsFrame>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly on: boolean;
  readonly disabled?: boolean;
  readonly onChange: (on: boolean) => void;
}

function Choice({ label, on, disabled = false, onChange }: ChoiceProps) {
  return (
    <Switch.Root
      size="sm"
      colorPalette="accent"
      checked={on}
      disabled={disabled}
      onCheckedChange={({ checked }) => onChange(checked)}
    >
      <Switch.HiddenInput />
      <Switch.Control />
      <Switch.Label>{label}</Switch.Label>
    </Switch.Root>
  );
}

/** In a browser, which asks the person whether it may. */
function BySystem() {
  const say = useSay(settings);
  const { system } = useWishes();
  const [denied, setDenied] = useState(false);
  const isSupported = "Notification" in window;
  const change = async (on: boolean): Promise<void> => {
    const isAllowed = !on || (await Notification.requestPermission()) === "granted";
    setDenied(!isAllowed);
    if (isAllowed) changeWishes({ system: on });
  };
  return (
    <>
      <Choice label={say("notify.system")} on={system} disabled={!isSupported} onChange={(on) => void change(on)} />
      {(denied || !isSupported) && (
        <Text role="alert" textStyle="small" color="fg.warning">
          {say(isSupported ? "notify.denied" : "notify.unsupported")}
        </Text>
      )}
    </>
  );
}

/** In the desktop app, which tells by itself. */
function ByApp({ app }: { readonly app: NonNullable<typeof native> }) {
  const say = useSay(settings);
  const queries = useQueryClient();
  const queryKey = ["desktop settings"];
  const chosen = useQuery({ queryKey, queryFn: () => app.settings() });
  const change = useMutation({
    mutationFn: (on: boolean) => app.settings({ notificationsPaused: !on }),
    onSuccess: (now) => queries.setQueryData(queryKey, now),
    onError: toastError,
  });
  return (
    <Choice
      label={say("notify.system")}
      on={chosen.data?.notificationsPaused === false}
      disabled={!chosen.isSuccess}
      onChange={(on) => change.mutate(on)}
    />
  );
}
