import { CleanUp } from "./clean-up.tsx";
import { Doctor } from "./doctor.tsx";
import { EventHandlers } from "./event-handlers.tsx";
import { SettingsFrame } from "./settings-frame.tsx";
import { SupportBundle } from "./support-bundle.tsx";

/** Whether everything works, and what helps where it does not. */
export function DiagnosticsPage() {
  return (
    <SettingsFrame tab="diagnostics">
      <Doctor />
      <EventHandlers />
      <CleanUp />
      <SupportBundle />
    </SettingsFrame>
  );
}
