import * as z from "zod";
import { PlanSettings, settingsSchemaUrl } from "@cloudsmith/contracts";

/** The JSON schema of `cloudsmith.json`, made from the same rules that check it. */
export function settingsSchema(): string {
  const schema = z.toJSONSchema(PlanSettings, { io: "input", target: "draft-7" });
  return `${JSON.stringify({ ...schema, $id: settingsSchemaUrl, title: "cloudsmith.json", description: "How CloudSmith builds and starts this app. All fields are optional: what is left out is detected." }, null, 2)}\n`;
}
