import { rm } from "node:fs/promises";
import { FileLogWriter } from "./file-log-writer.ts";
import { followLog } from "./follow-log.ts";
import { logFolder } from "./log-folder.ts";
import type { LogStore, LogWriter } from "./log-store.ts";
import { readLog } from "./read-log.ts";

/** Logs as folders of append-only segment files: `<dir>/<team>/<id>/<first position>-<its time>.log`. */
export function openFileLogs(options: { dir: string }): LogStore {
  const writers = new Map<string, Set<LogWriter>>();
  return {
    writer(id, writerOptions = {}) {
      const folder = logFolder(options.dir, id);
      const keep = writerOptions.keep ?? (id.id.startsWith("release/") ? "tail" : "head-and-tail");
      const writer: LogWriter = new FileLogWriter({ ...writerOptions, folder, keep, onClosed: () => forget() });
      const open = (writers.get(folder) ?? new Set()).add(writer);
      writers.set(folder, open);
      const forget = () => {
        open.delete(writer);
        if (open.size === 0 && writers.get(folder) === open) writers.delete(folder);
      };
      return writer;
    },
    read: async (id, readOptions = {}) => readLog(logFolder(options.dir, id), readOptions),
    follow: (id, { after = -1, signal }) => followLog(logFolder(options.dir, id), after, signal),
    async delete(id) {
      const folder = logFolder(options.dir, id);
      // One that had no lock fails to close, which changes nothing: what it held is to be deleted too.
      await Promise.allSettled([...(writers.get(folder) ?? [])].map((writer) => writer.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
