import { useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { native } from "../native.ts";

/** In the desktop app a folder that is dropped on any page leads to its review; a page that takes it by itself goes first. */
export function useFolderDrop(): void {
  const router = useRouter();
  useEffect(() => {
    if (native === undefined) return undefined;
    const app = native;
    const onDragOver = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes("Files") === true) event.preventDefault();
    };
    const onDrop = (event: DragEvent): void => {
      if (event.defaultPrevented) return;
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      const folder = file === undefined ? undefined : app.pathOfFile(file);
      if (folder !== undefined) void router.navigate({ to: "/new/review", search: { folder } });
    };
    window.addEventListener("dragover", onDragOver);
    window.addEventListener("drop", onDrop);
    return () => {
      window.removeEventListener("dragover", onDragOver);
      window.removeEventListener("drop", onDrop);
    };
  }, [router]);
}
