import { request } from "node:http";

/** One small request to the agent on this machine, by Node itself: no proxy settings, no cookies. Rejects when nobody answers in time. */
export function localRequest(
  url: string,
  options: { method?: "GET" | "POST"; token?: string; body?: unknown; timeoutMs: number },
): Promise<{ status: number; json: unknown }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method: options.method ?? "GET",
      timeout: options.timeoutMs,
      headers: {
        ...(options.token !== undefined && { authorization: `Bearer ${options.token}` }),
        ...(options.body !== undefined && { "content-type": "application/json" }),
      },
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error(`No answer within ${options.timeoutMs} ms`)));
    outgoing.on("error", reject);
    outgoing.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        try {
          resolve({ status: response.statusCode ?? 0, json: JSON.parse(Buffer.concat(chunks).toString("utf8")) });
        } catch (error) {
          reject(new Error("The answer is not JSON", { cause: error }));
        }
      });
    });
    outgoing.end(options.body === undefined ? undefined : JSON.stringify(options.body));
  });
}
