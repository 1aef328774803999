import type { LocalTarget } from "@cloudsmith/docksage";
import type { Telemetry } from "../services.ts";

/** Figures of the local target; nothing while its keeper is not reached. */
export function keeperTelemetry(target: LocalTarget): Telemetry {
  return {
    usage: () => Promise.resolve(target.usage()),
    async query(query) {
      if (!target.isLinked()) return [];
      return (await target.keeper()).metrics(query);
    },
  };
}
