import { AccountSettings } from "./account-settings.tsx";
import { DangerZone } from "./danger-zone.tsx";
import { GitTokenSettings } from "./git-token-settings.tsx";
import { NameSettings } from "./name-settings.tsx";
import { PlanSettingsSection } from "./plan-settings.tsx";
import { SourceSettings } from "./source-settings.tsx";
import type { TabProps } from "./tab-content.tsx";

/** What a project is called, where it comes from, how it is built, and its end. */
export function SettingsTab({ view, environment }: TabProps) {
  return (
    <>
      <SourceSettings key={JSON.stringify(view.project.source)} view={view} />
      {view.project.source.type !== "folder" && <AccountSettings key={view.project.credential} view={view} />}
      <PlanSettingsSection view={view} environment={environment} />
      {view.project.source.type === "git" && <GitTokenSettings view={view} />}
      <NameSettings key={view.project.name} view={view} />
      <DangerZone view={view} />
    </>
  );
}
