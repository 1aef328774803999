import { text, type Search } from "../../search-values.ts";
import { sourceSearch, type SourceSearch } from "../../source/source-search.ts";

/** What the address of the review says: the source, and the environment that it goes to. */
export interface ReviewSearch extends SourceSearch {
  readonly environment?: string | undefined;
}

export function reviewSearch(search: Search): ReviewSearch {
  return { ...sourceSearch(search), environment: text(search["environment"]) };
}
