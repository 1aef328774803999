import { expect, test } from "vitest";
import { crashCause } from "./crash-reason.ts";

test.each([
  ["Error: listen EADDRINUSE: address already in use :::3000", "port-taken", 3000],
  ["Error: listen EADDRINUSE: address already in use 127.0.0.1:8080", "port-taken", 8080],
  ["OSError: [Errno 98] Address already in use", "port-taken", null],
  ["listen tcp :9000: bind: address already in use", "port-taken", 9000],
  ["Error: Port 5173 is already in use", "port-taken", 5173],
  ["Web server failed to start. Port 8081 was already in use.", "port-taken", 8081],
  ['Address already in use - bind(2) for "127.0.0.1" port 4567 (Errno::EADDRINUSE)', "port-taken", 4567],
  ["FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory", "out-of-memory", null],
  ["java.lang.OutOfMemoryError: Java heap space", "out-of-memory", null],
  ["MemoryError", "out-of-memory", null],
  ["TypeError: cannot read port 3000 of undefined", "exited", null],
])("%s is %s", (line, reason, port) => {
  expect(crashCause(["starting", line, "    at somewhere:12:34"])).toEqual({ reason, port });
});
