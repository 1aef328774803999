import type { Contract, ProcedureMeta } from "@cloudsmith/contracts/api";
import { escapeHtml, ownPage, type OwnPage } from "./pages.ts";

interface Row {
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly permission: string;
}

/** A plain page of every procedure, for people; programs read `/api/openapi.json`. It loads nothing from elsewhere. */
export function referencePage(contract: Contract, version: string): OwnPage {
  const sections = Object.entries(contract).map(([name, procedures]) =>
    section(name, Object.values(procedures).map(rowOf)),
  );
  return ownPage({
    title: "CloudSmith API",
    style,
    body: `<main><h1>CloudSmith API</h1><p>Version ${escapeHtml(version)} · <a href="/api/openapi.json">OpenAPI 3.1</a> · send the installation's token as <code>Authorization: Bearer …</code></p>${sections.join("")}</main>`,
  });
}

function rowOf(procedure: {
  "~orpc": { route: { method?: string; path?: string; summary?: string }; meta: ProcedureMeta };
}): Row {
  const { route, meta } = procedure["~orpc"];
  return {
    method: route.method ?? "POST",
    path: route.path ?? "",
    summary: route.summary ?? "",
    permission: meta.permission,
  };
}

function section(name: string, rows: readonly Row[]): string {
  const lines = rows.map(
    ({ method, path, summary, permission }) =>
      `<tr><td><b class="${method.toLowerCase()}">${method}</b></td><td><code>/api${escapeHtml(path)}</code></td><td>${escapeHtml(summary)}</td><td><small>${permission}</small></td></tr>`,
  );
  return `<h2>${escapeHtml(name)}</h2><table>${lines.join("")}</table>`;
}

const style = `:root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}main{max-width:1040px;margin:40px auto;padding:0 24px}h1{margin-bottom:4px}h2{margin:32px 0 8px;text-transform:capitalize;font-size:18px}
table{width:100%;border-collapse:collapse}td{padding:6px 12px 6px 0;border-top:1px solid color-mix(in srgb,currentColor 15%,transparent);vertical-align:top}code{font-size:13px}small{opacity:.65}
b{font-size:12px;color:light-dark(#3b4a5a,#c3ccd6)}.get{color:light-dark(#0a6b36,#5fd08f)}.post{color:light-dark(#1a54b8,#7fb0ff)}.patch,.put{color:light-dark(#7a4f00,#e0b15a)}.delete{color:light-dark(#a8322a,#ff8a80)}`;
