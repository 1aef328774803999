import type { ErrorBody } from "@cloudsmith/contracts";
import type { FastifyReply } from "fastify";
import { escapeHtml, ownPage, type OwnPage } from "./pages.ts";

/** A page that says one thing, and where to go on. */
export function messagePage(title: string, lines: readonly string[], link?: { href: string; text: string }): OwnPage {
  const text = lines.map((line) => `<p>${escapeHtml(line)}</p>`).join("");
  const onward = link === undefined ? "" : `<p><a href="${escapeHtml(link.href)}">${escapeHtml(link.text)}</a></p>`;
  return ownPage({
    title,
    style: messageStyle,
    body: `<main><h1>${escapeHtml(title)}</h1>${text}${onward}</main>`,
  });
}

/** What went wrong, why, and what to do. */
export function problemPage({ message, cause, fix, correlationId }: ErrorBody, back?: string): OwnPage {
  const line = (text: string | undefined): string => (text === undefined ? "" : `<p>${escapeHtml(text)}</p>`);
  const link = back === undefined ? "" : `<p><a href="${escapeHtml(back)}">Back to CloudSmith</a></p>`;
  return ownPage({
    title: message,
    style: messageStyle,
    body: `<main><h1>${escapeHtml(message)}</h1>${line(cause)}${line(fix)}${link}<small>${escapeHtml(correlationId ?? "")}</small></main>`,
  });
}

export function sendPage(reply: FastifyReply, page: OwnPage, status: number): FastifyReply {
  return reply
    .status(status)
    .type("text/html; charset=utf-8")
    .header("content-security-policy", page.contentSecurityPolicy)
    .header("cache-control", "no-store")
    .send(page.html);
}

export const messageStyle = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}main{max-width:480px;margin:18vh auto;padding:0 24px}h1{font-size:22px;margin:0 0 12px}button{font:inherit;padding:8px 20px;border-radius:6px;border:1px solid currentColor;background:none;color:inherit;cursor:pointer}a{color:inherit}small{opacity:.6}`;
