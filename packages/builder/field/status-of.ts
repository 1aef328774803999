import { request } from "node:http";

/** Status of `/` at the address of a local app; null where nothing answers within half a minute. Names below localhost need no resolver. */
export function statusOf(address: string): Promise<number | null> {
  const { host, port } = new URL(address);
  return new Promise((settle) => {
    const asked = request(
      { host: "127.0.0.1", port, path: "/", headers: { host, accept: "text/html,*/*" }, timeout: 30_000 },
      (answer) => {
        answer.resume();
        settle(answer.statusCode ?? null);
      },
    );
    asked.on("timeout", () => asked.destroy()).on("error", () => settle(null));
    asked.end();
  });
}
