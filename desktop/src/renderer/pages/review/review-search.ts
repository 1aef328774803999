import * as z from "zod";
import { SourceSearch } from "../../source/source-search.ts";

/** What the address of the review says: the source, and the environment that it goes to. */
export const ReviewSearch = SourceSearch.extend({ environment: z.string().optional().catch(undefined) });
