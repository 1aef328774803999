import { createToaster, Stack, Toast, Toaster as Region } from "@chakra-ui/react";
import { common } from "../words/common.ts";
import { useSay } from "../words/say.ts";

export const toaster = createToaster({ placement: "bottom-end", pauseOnPageIdle: true, max: 4 });

/** Where short notices appear. */
export function Toasts() {
  const say = useSay(common);
  return (
    <Region toaster={toaster} insetInline={{ mdDown: "4" }}>
      {(toast) => (
        <Toast.Root width={{ md: "sm" }}>
          <Toast.Indicator />
          <Stack gap="1" flex="1" maxWidth="100%">
            <Toast.Title>{toast.title}</Toast.Title>
            {toast.description !== undefined && <Toast.Description>{toast.description}</Toast.Description>}
          </Stack>
          {toast.action !== undefined && <Toast.ActionTrigger>{toast.action.label}</Toast.ActionTrigger>}
          <Toast.CloseTrigger aria-label={say("close")} />
        </Toast.Root>
      )}
    </Region>
  );
}
