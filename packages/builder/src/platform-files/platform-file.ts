import type * as z from "zod";
import type { PlanSettings } from "@cloudsmith/contracts";

/** A file of another platform, and how it is read in our words. To add one: a row in platform-files.ts. */
export interface PlatformFile {
  /** Names of the file; the first that is there counts. */
  readonly files: readonly string[];
  /** What of it means something here; undefined where its content is not of the form. */
  readonly read: (content: unknown) => PlatformSays | undefined;
}

export interface PlatformSays {
  readonly settings: PlanSettings;
  /** Names of variables that it wants to have a value. */
  readonly expects?: readonly string[];
}

/** Reads content by a schema and turns it into settings; content of another form says nothing. */
export function reader<T>(schema: z.ZodType<T>, says: (content: T) => PlatformSays): PlatformFile["read"] {
  return (content) => {
    const parsed = schema.safeParse(content);
    return parsed.success ? says(parsed.data) : undefined;
  };
}

/** Settings without the fields that have no value. */
export function settingsOf(fields: { readonly [K in keyof PlanSettings]: PlanSettings[K] | undefined }): PlanSettings {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ""));
}

const installs =
  /^(npm (ci|i|install)|yarn( install)?|pnpm (i|install)|bun (i|install)|corepack enable|(python3? -m )?pip3? install|poetry install|pipenv install|uv (sync|pip install)|bundle install|composer install|go mod download)(\s+-\S+|\s+\S+\.txt|\s+\.|\s+poetry|\s+--?\S+[= ]\S+)*$/;

/** A build command without its installs, which are a step of their own here; undefined where nothing else is in it. */
export function withoutInstalls(command: string | undefined): string | undefined {
  const parts = command?.split(/\s*(?:&&|;)\s*/).filter((part) => part !== "" && !installs.test(part));
  return parts === undefined || parts.length === 0 ? undefined : parts.join(" && ");
}
