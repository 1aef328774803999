import { flag, oneOf, text, type Search } from "../../search-values.ts";
import { orders, visibilities } from "./repository-choices.ts";

/** What the address of the picker says: the search and its filters. */
export interface NewSearch {
  readonly q?: string | undefined;
  readonly owner?: string | undefined;
  readonly language?: string | undefined;
  readonly visibility?: (typeof visibilities)[number] | undefined;
  readonly archived?: boolean | undefined;
  readonly order?: (typeof orders)[number] | undefined;
}

export function newSearch({ q, owner, language, visibility, archived, order }: Search): NewSearch {
  return {
    q: text(q),
    owner: text(owner),
    language: text(language),
    visibility: oneOf(visibilities, visibility),
    archived: flag(archived),
    order: oneOf(orders, order),
  };
}
