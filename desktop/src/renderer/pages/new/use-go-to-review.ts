import type { SourceRef } from "@cloudsmith/contracts";
import { useNavigate } from "@tanstack/react-router";
import { searchOf } from "../../source/source-search.ts";

/** Goes to the review of a source. */
export function useGoToReview(): (source: SourceRef, account?: string) => void {
  const navigate = useNavigate();
  return (source, account) => void navigate({ to: "/new/review", search: searchOf(source, account) });
}
