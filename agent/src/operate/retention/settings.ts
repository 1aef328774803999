import { CloudSmithError } from "@cloudsmith/contracts";
import { readFile } from "node:fs/promises";
import * as z from "zod";

/** What an installation keeps of what has been; see docs/operations.md. */
export const Retention = z.strictObject({
  /** Newest deployments of each environment that are kept with their timelines and logs. */
  deployments: z.number().int().min(5).max(10_000).default(20),
  /** Newest of those that were live whose artifacts are kept, so that going back to them needs no build. */
  artifacts: z.number().int().min(2).max(1000).default(5),
  activityDays: z.number().int().min(1).max(3650).default(90),
  deadLetterDays: z.number().int().min(1).max(3650).default(30),
  cacheGb: z.number().min(0.5).max(10_000).default(10),
});
export type Retention = z.infer<typeof Retention>;

const Settings = z.strictObject({ retention: Retention.default(Retention.parse({})) });

/** The settings of the installation; defaults where there is no file. Throws `invalid-input` for one that cannot be understood: then nothing may be deleted by guess. */
export async function readRetention(file: string): Promise<Retention> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return Retention.parse({});
    throw error;
  }
  const parsed = Settings.safeParse(parseJson(text));
  if (parsed.success) return parsed.data.retention;
  const [issue] = parsed.error.issues;
  throw new CloudSmithError("invalid-input", `${file} cannot be used`, {
    why: issue === undefined ? "It is no JSON object" : `${issue.path.join(".") || "the file"}: ${issue.message}`,
    fix: "Correct it, or remove it for the defaults; until then nothing old is deleted",
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
