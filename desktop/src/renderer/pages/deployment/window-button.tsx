import { IconButton } from "@chakra-ui/react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Maximize2, Minimize2, PictureInPicture2 } from "lucide-react";
import type { ReactNode } from "react";
import { native } from "../../native.ts";
import { toastError } from "../../parts/toast.ts";
import { deployment as words } from "../../words/deployment.ts";
import { useSay } from "../../words/say.ts";

/** In a window of its own: makes it small or full. Elsewhere in the desktop app: opens one. In a browser there are none. */
export function WindowButton({ id }: { readonly id: string }) {
  const say = useSay(words);
  const { window: own } = useSearch({ from: "/deployments/$deployment" });
  const resize = useResize();
  if (own === "compact")
    return <IconOnly label={say("window.expand")} icon={<Maximize2 size={14} />} onClick={() => resize("full")} />;
  if (own === "full")
    return <IconOnly label={say("window.shrink")} icon={<Minimize2 size={14} />} onClick={() => resize("compact")} />;
  if (native === undefined) return null;
  const app = native;
  return (
    <IconOnly
      label={say("window.open")}
      icon={<PictureInPicture2 size={14} />}
      onClick={() => void app.openDeploymentWindow(id).catch(toastError)}
    />
  );
}

function IconOnly({
  label,
  icon,
  onClick,
}: {
  readonly label: string;
  readonly icon: ReactNode;
  readonly onClick: () => void;
}) {
  return (
    <IconButton size="xs" variant="ghost" aria-label={label} title={label} onClick={onClick}>
      {icon}
    </IconButton>
  );
}

/** Changes what is shown, and the window with it where the app can. */
export function useResize(): (own: "compact" | "full") => void {
  const navigate = useNavigate({ from: "/deployments/$deployment" });
  return (own) => {
    void navigate({ search: (now) => ({ ...now, window: own }), hash: true, replace: true });
    void native?.setCompact(own === "compact").catch(toastError);
  };
}
