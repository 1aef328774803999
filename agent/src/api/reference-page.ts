import type { Contract } from "@cloudsmith/contracts/api";
import type { ProcedureMeta } from "@cloudsmith/contracts/api";

interface Row {
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly permission: string;
}

/** A plain page of every procedure, for people; programs read `/api/openapi.json`. It loads nothing from elsewhere. */
export function referencePage(contract: Contract, version: string): string {
  const sections = Object.entries(contract).map(([name, procedures]) =>
    section(name, Object.values(procedures).map(rowOf)),
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>CloudSmith API</title><style>${style}</style>
<main><h1>CloudSmith API</h1><p>Version ${escape(version)} · <a href="/api/openapi.json">OpenAPI 3.1</a> · send the installation's token as <code>Authorization: Bearer …</code></p>${sections.join("")}</main></html>`;
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
    (row) =>
      `<tr><td><b class="${row.method.toLowerCase()}">${row.method}</b></td><td><code>/api${escape(row.path)}</code></td><td>${escape(row.summary)}</td><td><small>${row.permission}</small></td></tr>`,
  );
  return `<h2>${escape(name)}</h2><table>${lines.join("")}</table>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

const style = `:root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}main{max-width:1040px;margin:40px auto;padding:0 24px}h1{margin-bottom:4px}h2{margin:32px 0 8px;text-transform:capitalize;font-size:18px}
table{width:100%;border-collapse:collapse}td{padding:6px 12px 6px 0;border-top:1px solid color-mix(in srgb,currentColor 15%,transparent);vertical-align:top}code{font-size:13px}small{opacity:.65}
b{font-size:12px}.get{color:#0a7d3f}.post{color:#1f5fd0}.patch,.put{color:#8a5a00}.delete{color:#c0362c}`;
