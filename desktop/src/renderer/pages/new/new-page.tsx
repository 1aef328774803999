import { Button } from "@chakra-ui/react";
import { FolderOpen } from "lucide-react";
import { useState } from "react";
import { useCommands } from "../../commands/registry.ts";
import { native } from "../../native.ts";
import { Page } from "../../parts/page.tsx";
import { FolderBrowser } from "../../source/folder-browser.tsx";
import { newProject as words } from "../../words/new-project.ts";
import { useSay } from "../../words/say.ts";
import { FolderDrop } from "./folder-drop.tsx";
import { PickField } from "./pick-field.tsx";
import { useGoToReview } from "./use-go-to-review.ts";

/** Where a new project begins: a repository, an address or a folder is picked, and looked at on the next page. */
export function NewPage() {
  const say = useSay(words);
  const review = useGoToReview();
  const [browsing, setBrowsing] = useState(false);
  const chooseFolder = async (): Promise<void> => {
    if (native === undefined) return setBrowsing(true);
    const path = await native.pickFolder();
    if (path !== undefined) review({ type: "folder", path, dir: "" });
  };
  useCommands([
    {
      id: "new.folder",
      title: say("command.folder"),
      group: say("group"),
      icon: FolderOpen,
      keys: "mod+o",
      run: () => void chooseFolder(),
    },
  ]);
  return (
    <FolderDrop onFolder={(path) => review({ type: "folder", path, dir: "" })} onUnknown={() => setBrowsing(true)}>
      <Page
        title={say("title")}
        detail={say("detail")}
        actions={
          <Button size="sm" variant="outline" onClick={() => void chooseFolder()}>
            <FolderOpen size={15} />
            {say("folder.browse")}
          </Button>
        }
      >
        <PickField />
        <FolderBrowser
          open={browsing}
          onClose={() => setBrowsing(false)}
          onChoose={(path) => {
            setBrowsing(false);
            review({ type: "folder", path, dir: "" });
          }}
        />
      </Page>
    </FolderDrop>
  );
}
