import { shell } from "../words/shell.ts";
import { useSay } from "../words/say.ts";

/** What stands in the title of the window and in the browser's history. */
export function WindowTitle({ title }: { readonly title: string }) {
  const say = useSay(shell);
  return <title>{say("window.title", { title })}</title>;
}
