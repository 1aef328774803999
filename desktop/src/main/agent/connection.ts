/** The agent that the app talks to. A value, so that agents elsewhere can become further kinds. */
export type AgentConnection = {
  readonly kind: "local";
  /** Loopback address, without a slash at the end. */
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  readonly version: string;
  readonly apiVersion: number;
};
