import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { settingsSchema } from "../src/plan/settings-schema.ts";

writeFileSync(join(import.meta.dirname, "..", "cloudsmith.schema.json"), settingsSchema());
