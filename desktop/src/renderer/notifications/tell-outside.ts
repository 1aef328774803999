import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { native } from "../native.ts";
import { deploymentPath } from "../paths.ts";
import { notifications } from "../words/notifications.ts";
import { useSay } from "../words/say.ts";
import type { Notice } from "./use-settled.ts";
import { useWishes } from "./wishes.ts";

/** Tells by the system what settled while nobody looks at the page; each once. */
export function useTellOutside(notices: readonly Notice[]): void {
  const say = useSay(notifications);
  const { system } = useWishes();
  const navigate = useNavigate();
  const [opened] = useState(() => new Date().toISOString());
  const told = useRef(opened);
  useEffect(() => {
    const fresh = notices.filter(({ at }) => at > told.current).reverse();
    const newest = fresh.at(-1);
    if (newest === undefined) return;
    told.current = newest.at;
    // The desktop app tells by itself, also while it shows no window.
    if (native !== undefined || !system || document.visibilityState === "visible") return;
    for (const { deployment, project } of fresh) {
      const path = deploymentPath(deployment.id);
      const title = say(deployment.state === "failed" ? "failed" : "live", { project: project ?? say("aProject") });
      const body = deployment.failure?.message ?? "";
      tellByBrowser({ title, body, tag: deployment.id, onClick: () => void navigate({ href: path }) });
    }
  }, [notices, system, navigate, say]);
}

function tellByBrowser({
  title,
  body,
  tag,
  onClick,
}: {
  title: string;
  body: string;
  tag: string;
  onClick: () => void;
}): void {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const shown = new Notification(title, { body, tag, icon: "/icon.svg" });
  shown.addEventListener("click", () => {
    window.focus();
    onClick();
    shown.close();
  });
}
