import type { Deployment } from "@cloudsmith/contracts";
import { askKey, canAsk } from "./ask.ts";
import type { Cli } from "./cli.ts";
import { JsonView } from "./progress/json-view.ts";
import { PlainView } from "./progress/plain-view.ts";
import type { ProgressView } from "./progress/progress-view.ts";
import { TerminalView } from "./progress/terminal-view.ts";
import { watchLive } from "./watch-live.ts";

export type FollowEnd = "settled" | "detached";

/**
 * Shows a deployment until it has settled, or until the person leaves: the first Ctrl-C asks whether to leave it alone or to cancel
 * it, the second one leaves at once; where nobody can be asked, an interrupt leaves. The deployment goes on without us either way.
 */
export async function followDeployment(cli: Cli, deployment: Deployment): Promise<FollowEnd> {
  const view = createView(cli);
  const leaving = new AbortController();
  const over = new AbortController();
  const interrupts = onInterrupts({
    first: () => (canAsk() && cli.out.live ? decide(cli, deployment, view, leaving, over.signal) : leaving.abort()),
    second: () => leaving.abort(),
  });
  try {
    const subscription = { type: "deployment" as const, key: "d", deployment: deployment.id, after: 0, logs: true };
    for await (const message of watchLive(cli, [subscription], leaving.signal)) {
      if (message.type === "timeline") view.timeline(message.entry, message.deployment);
      if (message.type === "log") view.log(message);
    }
    return leaving.signal.aborted ? "detached" : "settled";
  } finally {
    over.abort();
    interrupts.stop();
    view.close();
  }
}

function createView({ out }: Cli): ProgressView {
  if (out.json) return new JsonView(out);
  return out.live ? new TerminalView(out) : new PlainView(out);
}

/** Asks what Ctrl-C is meant to do; the deployment goes on meanwhile. */
async function decide(
  cli: Cli,
  deployment: Deployment,
  view: ProgressView,
  leaving: AbortController,
  over: AbortSignal,
): Promise<void> {
  view.pause();
  const key = await askKey("  Leave it running [l] or cancel it [c]? ", "lc", over);
  view.resume();
  if (over.aborted) return;
  if (key !== "c") return leaving.abort();
  const client = await cli.connect();
  // It may have settled in the meantime; then its end is shown like any other.
  await client.deployments.cancel({ deployment: deployment.id }).catch(() => undefined);
}

/** Hands out interrupts in their order instead of ending the process. */
function onInterrupts(handlers: { first: () => unknown; second: () => unknown }): { stop: () => void } {
  let count = 0;
  const onSignal = (): void => {
    count += 1;
    void (count === 1 ? handlers.first() : handlers.second());
  };
  process.on("SIGINT", onSignal);
  return { stop: () => process.off("SIGINT", onSignal) };
}
