import type * as z from "zod";
import { PlanSettings, type PlanReason } from "@cloudsmith/contracts";
import type { SourceTree } from "./source-tree.ts";
import { joinPath, parseJson } from "./source-tree.ts";

export type SettingsOrigin = Exclude<PlanReason["origin"], "detected">;

/** One layer of settings; `source` is what a reason names (`fly.toml`). */
export interface SettingsLayer {
  readonly origin: SettingsOrigin;
  readonly source: string;
  readonly settings: PlanSettings;
}

/** A setting and who decided it. */
export interface Setting<K extends keyof PlanSettings> {
  readonly value: Exclude<PlanSettings[K], undefined>;
  readonly layer: SettingsLayer;
}

/** The layers of one plan, weakest first. */
export class Settings {
  readonly layers: readonly SettingsLayer[];

  constructor(layers: readonly SettingsLayer[]) {
    this.layers = layers;
  }

  /** The strongest layer's value of a field. */
  get<K extends keyof PlanSettings>(field: K): Setting<K> | undefined {
    for (const layer of this.layers.toReversed()) {
      const value = layer.settings[field];
      if (value !== undefined) {
        // The key was just seen to be there, which an index type cannot say.
        return { value: value as Exclude<PlanSettings[K], undefined>, layer };
      }
    }
    return undefined;
  }
}

export type ConfigFile =
  | { readonly ok: true; readonly settings: PlanSettings }
  | { readonly ok: false; readonly problem: string };

/** `cloudsmith.json` of a folder: its settings, nothing, or what is wrong with it in words. */
export function readConfigFile(tree: SourceTree, folder: string): ConfigFile | undefined {
  const text = tree.text(joinPath(folder, "cloudsmith.json"));
  if (text === undefined) return undefined;
  const parsed = PlanSettings.safeParse(parseJson(text));
  return parsed.success ? { ok: true, settings: parsed.data } : { ok: false, problem: problemText(parsed.error) };
}

function problemText(error: z.ZodError): string {
  return error.issues
    .map((issue) => `${issue.path.length === 0 ? "the file" : issue.path.join(".")}: ${issue.message}`)
    .join("; ");
}
