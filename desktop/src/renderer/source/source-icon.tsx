import type { SourceRef } from "@cloudsmith/contracts";
import { Folder, GitBranch } from "lucide-react";

export function SourceIcon({ type, size = 16 }: { readonly type: SourceRef["type"]; readonly size?: number }) {
  const Icon = type === "folder" ? Folder : GitBranch;
  return <Icon size={size} aria-hidden />;
}
