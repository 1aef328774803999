import { createHash } from "node:crypto";

/** A page of the agent's own: self-contained, allowed to run and to load exactly what stands in it. */
export interface OwnPage {
  readonly html: string;
  readonly contentSecurityPolicy: string;
}

export function ownPage(page: {
  title: string;
  style: string;
  body: string;
  script?: string;
  /** The one place where its form may go; default: the agent itself. */
  formAction?: string;
}): OwnPage {
  const { title, style, body, script, formAction = "'self'" } = page;
  return {
    html: `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title><style>${style}</style></head><body>${body}${script === undefined ? "" : `<script>${script}</script>`}</body></html>`,
    contentSecurityPolicy: [
      "default-src 'none'",
      `style-src ${digestOf(style)}`,
      ...(script === undefined ? [] : [`script-src ${digestOf(script)}`]),
      `form-action ${formAction}`,
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join("; "),
  };
}

function digestOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
