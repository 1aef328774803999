import {
  ArrowDown,
  ArrowDownToLine,
  ArrowUp,
  Clock,
  Copy,
  Download,
  Link,
  Search,
  TextWrap,
  TriangleAlert,
} from "lucide-react";
import { useCommands, type Command } from "../commands/registry.ts";
import { log as words } from "../words/log.ts";
import { useSay } from "../words/say.ts";
import { copyLink, copyLog } from "./copy-log.ts";
import { changeLogOptions, useLogOptions } from "./log-options.ts";
import type { LogView } from "./log-view.ts";
import type { LogScroller } from "./log-scroller.ts";

export interface LogActions {
  readonly focusSearch: () => void;
  readonly step: (by: 1 | -1) => void;
  readonly toError: (() => void) | undefined;
}

/** Everything that can be done with the log, for the palette and the keys. */
export function useLogCommands(view: LogView, scroller: LogScroller, { focusSearch, step, toError }: LogActions): void {
  const say = useSay(words);
  const { wrap, timestamps } = useLogOptions();
  const group = say("group.log");
  const { model, chosen, grows, file } = view;
  const commands: (Command | undefined)[] = [
    { id: "log.search", title: say("search"), group, icon: Search, keys: "/", run: focusSearch },
    { id: "log.next", title: say("search.next"), group, icon: ArrowDown, keys: "n", run: () => step(1) },
    { id: "log.previous", title: say("search.previous"), group, icon: ArrowUp, keys: "shift+n", run: () => step(-1) },
    { id: "log.top", title: say("top"), group, icon: ArrowUp, keys: "g g", run: scroller.goToTop },
    { id: "log.end", title: say("end"), group, icon: ArrowDown, keys: "shift+g", run: scroller.goToEnd },
    grows
      ? {
          id: "log.follow",
          title: say("follow"),
          group,
          icon: ArrowDownToLine,
          keys: "f",
          run: scroller.toggleFollow,
        }
      : undefined,
    toError && { id: "log.error", title: say("error"), group, icon: TriangleAlert, keys: "e", run: toError },
    {
      id: "log.wrap",
      title: say("wrap"),
      group,
      icon: TextWrap,
      keys: "w",
      run: () => changeLogOptions({ wrap: !wrap }),
    },
    {
      id: "log.timestamps",
      title: say("timestamps"),
      group,
      icon: Clock,
      keys: "t",
      run: () => changeLogOptions({ timestamps: !timestamps }),
    },
    { id: "log.copy", title: say("copyAll"), group, icon: Copy, run: () => void copyLog(model, undefined) },
    { id: "log.download", title: say("download"), group, icon: Download, run: () => window.location.assign(file) },
    ...chosenCommands(),
  ];
  useCommands(commands.filter((command) => command !== undefined));

  function chosenCommands(): Command[] {
    if (chosen === undefined) return [];
    const count = chosen.to - chosen.from + 1;
    return [
      {
        id: "log.copyLines",
        title: say("copyLines", { count }),
        group,
        icon: Copy,
        keys: "y",
        run: () => void copyLog(model, chosen),
      },
      { id: "log.copyLink", title: say("copyLink", { count }), group, icon: Link, run: () => void copyLink() },
    ];
  }
}
