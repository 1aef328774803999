import * as z from "zod";
import { orders, visibilities } from "./repository-list.ts";

/** What the address of the picker says: the search and its filters. */
export const NewSearch = z.object({
  q: z.coerce.string().optional().catch(undefined),
  owner: z.string().optional().catch(undefined),
  language: z.string().optional().catch(undefined),
  visibility: z.enum(visibilities).optional().catch(undefined),
  archived: z.boolean().optional().catch(undefined),
  order: z.enum(orders).optional().catch(undefined),
});
export type NewSearch = z.infer<typeof NewSearch>;
