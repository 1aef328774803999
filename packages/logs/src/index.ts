export { endLog } from "./end-log.ts";
export { openFileLogs } from "./file-logs.ts";
export type {
  LogId,
  LogLine,
  LogPage,
  LogStore,
  LogWriter,
  PositionedLine,
  ReadOptions,
  WriterOptions,
} from "./log-store.ts";
export { createMasker, type Masker, maskText } from "./mask.ts";
