import { useBlocker, useRouter, useSearch } from "@tanstack/react-router";
import { native } from "../../native.ts";
import { toastError } from "../../parts/toast.ts";

/** A window of its own keeps to deployments: what leads to another page opens it in the main window of the app. */
export function useLinksElsewhere(): void {
  const router = useRouter();
  const { window: own } = useSearch({ from: "/deployments/$deployment" });
  useBlocker({
    disabled: own === undefined || native === undefined,
    enableBeforeUnload: false,
    shouldBlockFn: ({ next }) => {
      if (next.fullPath === "/deployments/$deployment") return false;
      const { href } = router.buildLocation({ to: next.pathname, search: next.search });
      void native?.openPage(href).catch(toastError);
      return true;
    },
  });
}
