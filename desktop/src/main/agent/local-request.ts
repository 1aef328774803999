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
        resolve({ status: response.statusCode ?? 0, json: parse(Buffer.concat(chunks).toString("utf8")) });
      });
    });
    outgoing.end(options.body === undefined ? undefined : JSON.stringify(options.body));
  });
}

/** Undefined where it is not JSON, which whoever asked finds out by its form. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
