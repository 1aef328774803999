// What a main process that is written for Electron 45 (Node 24) needs and Electron 22 (Node 16) lacks. Only what is missing is added;
// `api-gaps.json` beside this file is the list that the compiler makes.
const { app, protocol, safeStorage } = require("electron");
const path = require("node:path");
const { Readable } = require("node:stream");
const web = require("node:stream/web");
const undici = require("undici");

const missing = (object, name, value) => {
  if (!(name in object)) Object.defineProperty(object, name, { value, writable: true, configurable: true });
};

for (const name of ["fetch", "Response", "Request", "Headers", "FormData"]) missing(globalThis, name, undici[name]);
for (const name of ["ReadableStream", "TransformStream", "WritableStream", "TextDecoderStream", "TextEncoderStream"])
  missing(globalThis, name, web[name]);
missing(globalThis, "DOMException", Reflect.getPrototypeOf(abortReason()).constructor);
missing(globalThis, "Blob", require("node:buffer").Blob);
missing(globalThis, "File", undici.File);
missing(globalThis, "crypto", require("node:crypto").webcrypto);
missing(Readable, "toWeb", toWeb);

missing(Array.prototype, "toSorted", function toSorted(compare) {
  return [...this].sort(compare);
});
missing(Array.prototype, "findLastIndex", function findLastIndex(matches) {
  let index = this.length - 1;
  while (index >= 0 && !matches(this[index], index, this)) index -= 1;
  return index;
});
missing(URL, "canParse", (text, base) => {
  try {
    return new URL(text, base) instanceof URL;
  } catch {
    return false;
  }
});
missing(AbortSignal, "any", (signals) => {
  const controller = new AbortController();
  for (const signal of signals) {
    if (signal.aborted) controller.abort(signal.reason);
    signal.addEventListener("abort", () => controller.abort(signal.reason), { once: true });
  }
  return controller.signal;
});
missing(AbortSignal.prototype, "throwIfAborted", function throwIfAborted() {
  if (this.aborted) throw this.reason ?? abortReason();
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

function abortReason() {
  const controller = new AbortController();
  controller.abort();
  return controller.signal.reason ?? Object.assign(new Error("This operation was aborted"), { name: "AbortError" });
}

/** A stream of the web over one of Node: what is read is asked for, and whoever cancels destroys it. */
function toWeb(readable) {
  return new web.ReadableStream(
    {
      start(controller) {
        readable.on("data", (chunk) => {
          controller.enqueue(new Uint8Array(chunk));
          if (controller.desiredSize <= 0) readable.pause();
        });
        readable.on("end", () => controller.close());
        readable.on("error", (error) => controller.error(error));
        readable.pause();
      },
      pull: () => void readable.resume(),
      cancel: (reason) => void readable.destroy(reason),
    },
    { highWaterMark: 1 },
  );
}

/** https://www.electronjs.org/docs/latest/api/protocol#protocolhandlescheme-handler over `registerStreamProtocol`. */
function handle(scheme, handler) {
  this.registerStreamProtocol(scheme, (request, answer) => {
    const bytes = (request.uploadData ?? []).filter((part) => part.bytes).map((part) => part.bytes);
    const { url, method, headers } = request;
    const body = bytes.length > 0 ? Buffer.concat(bytes) : undefined;
    Promise.resolve()
      .then(() => handler(new undici.Request(url, { method, headers, body })))
      .then(
        (response) =>
          answer({
            statusCode: response.status,
            headers: Object.fromEntries(response.headers),
            data: response.body === null ? Readable.from([]) : Readable.from(response.body),
          }),
        (error) => {
          process.stderr.write(`${error.stack}\n`);
          answer({ error: -2 });
        },
      );
  });
}
missing(Reflect.getPrototypeOf(protocol), "handle", handle);
missing(protocol, "handle", handle);

/** Electron 22 has no answer to "which key store"; what it was told, and whether it can encrypt, is all there is. */
missing(safeStorage, "getSelectedStorageBackend", () => {
  const told = app.commandLine.getSwitchValue("password-store");
  return told === "basic" || !safeStorage.isEncryptionAvailable() ? "basic_text" : "gnome_libsecret";
});

app.on("session-created", (session) => {
  missing(session.protocol, "handle", handle);
  session.setPreloads([path.join(__dirname, "preload-compat.cjs")]);
});

/** Since Electron 25 the address is on the event as well. */
app.on("web-contents-created", (_created, contents) => {
  const emit = contents.emit.bind(contents);
  contents.emit = (name, event, address, ...rest) => {
    if ((name === "will-navigate" || name === "will-redirect") && event !== undefined && event.url === undefined)
      Object.assign(event, { url: address, isMainFrame: true });
    return emit(name, event, address, ...rest);
  };
});
