// Runs before the app's own preload in Electron 22, where a file's path was still a property of the file.
const electron = require("electron");
if (electron.webUtils === undefined) electron.webUtils = { getPathForFile: (file) => file.path };

/** What pages need and Chromium 108 lacks; runs in the page, before its own scripts. */
function addMissing() {
  const missing = (object, name, value) => {
    if (!(name in object)) Object.defineProperty(object, name, { value, writable: true, configurable: true });
  };
  missing(AbortSignal, "any", (signals) => {
    const controller = new AbortController();
    for (const signal of signals) {
      if (signal.aborted) controller.abort(signal.reason);
      signal.addEventListener("abort", () => controller.abort(signal.reason), { once: true });
    }
    return controller.signal;
  });
  missing(Array.prototype, "toSorted", function toSorted(compare) {
    return [...this].sort(compare);
  });
  missing(Array.prototype, "toReversed", function toReversed() {
    return [...this].reverse();
  });
  missing(Promise, "withResolvers", function withResolvers() {
    let resolve;
    let reject;
    const promise = new this((yes, no) => {
      resolve = yes;
      reject = no;
    });
    return { promise, resolve, reject };
  });
  missing(URL, "canParse", (text, base) => {
    try {
      return new URL(text, base) instanceof URL;
    } catch {
      return false;
    }
  });
}
void electron.webFrame.executeJavaScript(`(${addMissing.toString()})()`);
