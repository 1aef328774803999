import { protocol, type Session } from "electron";
import { AgentGateway } from "./gateway.ts";
import { servePage } from "./page-files.ts";

export const appScheme = "app";
export const appOrigin = `${appScheme}://launchboard`;

/** Must be called before the app is ready. */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: appScheme,
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
    },
  ]);
}

/** Serves Launchboard at `app://launchboard`, and hands what it asks of `/rpc` and `/api` to the agent. */
export function serveApp(session: Session, folder: string, gateway: AgentGateway): void {
  session.protocol.handle(appScheme, (request) => {
    const { host, pathname } = new URL(request.url);
    if (host !== "launchboard") return new Response("There is nothing here", { status: 404 });
    return AgentGateway.isForAgent(pathname) ? gateway.handle(request) : servePage(folder, pathname);
  });
}
