import { request } from "node:http";
import { hostname } from "node:os";
import * as z from "zod";
import type { AgentConnection } from "./connection.ts";
import { localRequest } from "./local-request.ts";

/** Where the token of each connection is kept. */
export interface Tokens {
  get(name: string): string | undefined;
  set(name: string, token: string): Promise<void>;
}

/** Host of the user interface: the one for which the agent gives sessions. */
const uiHost = "cloudsmith.localhost";
const limitMs = 5000;
const Code = z.object({ code: z.string() });

/**
 * The app signs in as a device of its own: it is listed with the others ("last used") and can be signed out by itself, and the
 * installation's token is used for nothing else. A session that is still good is used again.
 */
export async function signInDevice(agent: AgentConnection, tokens: Tokens): Promise<AgentConnection> {
  const kept = tokens.get(agent.kind);
  if (kept !== undefined && (await isGood(agent, kept))) return { ...agent, token: kept };
  const token = await newSession(agent);
  if (token === undefined) return agent;
  // Where there is no key store a person is asked; what needs the agent does not wait for that.
  void tokens.set(agent.kind, token);
  return { ...agent, token };
}

async function isGood({ url }: AgentConnection, token: string): Promise<boolean> {
  const answer = await localRequest(`${url}/api/auth/me`, { token, timeoutMs: limitMs }).catch(() => undefined);
  return answer?.status === 200;
}

/** A session for a single-use code; undefined where the agent gives none, as one of another version may. */
async function newSession({ url, token }: AgentConnection): Promise<string | undefined> {
  try {
    const codes = `${url}/api/auth/sign-in-codes`;
    const { json } = await localRequest(codes, { method: "POST", token, body: {}, timeoutMs: limitMs });
    return await redeem(url, Code.parse(json).code);
  } catch {
    return undefined;
  }
}

/** Trades the code as a browser would, for the value of the session's cookie. */
function redeem(url: string, code: string): Promise<string | undefined> {
  const host = `${uiHost}:${new URL(url).port}`;
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}/sign-in`, {
      method: "POST",
      timeout: limitMs,
      headers: {
        host,
        origin: `http://${host}`,
        "content-type": "application/x-www-form-urlencoded",
        "user-agent": `CloudSmith desktop on ${hostname()}`,
      },
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error(`No answer within ${limitMs} ms`)));
    outgoing.on("error", reject);
    outgoing.on("response", (response) => {
      response.resume();
      const cookie = response.headers["set-cookie"]?.find((each) => each.startsWith("cloudsmith_session="));
      resolve(cookie?.slice("cloudsmith_session=".length).split(";")[0]);
    });
    outgoing.end(new URLSearchParams({ code }).toString());
  });
}
