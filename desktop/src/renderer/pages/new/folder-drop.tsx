import { Box, Flex, Text } from "@chakra-ui/react";
import { FolderDown } from "lucide-react";
import { useState, type DragEvent, type ReactNode } from "react";
import { native } from "../../native.ts";
import { toast } from "../../parts/toast.ts";
import { newProject as words } from "../../words/new-project.ts";
import { useSay } from "../../words/say.ts";

export interface FolderDropProps {
  readonly onFolder: (path: string) => void;
  /** Something was dropped, and a browser does not tell where it is. */
  readonly onUnknown: () => void;
  readonly children: ReactNode;
}

/** Takes a folder that is dropped anywhere on the page. */
export function FolderDrop({ onFolder, onUnknown, children }: FolderDropProps) {
  const say = useSay(words);
  const [over, setOver] = useState(false);
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    const path = file === undefined ? undefined : native?.pathOfFile(file);
    if (path !== undefined) return onFolder(path);
    void toast({ title: say("folder.dropNotHere"), description: say("folder.dropFix"), tone: "info" });
    onUnknown();
  };
  return (
    <Box
      position="relative"
      minH="full"
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => !event.currentTarget.contains(asNode(event.relatedTarget)) && setOver(false)}
      onDrop={onDrop}
    >
      {children}
      {over && (
        <Flex
          position="absolute"
          inset="4"
          direction="column"
          align="center"
          justify="center"
          gap="2"
          borderRadius="xl"
          borderWidth="2px"
          borderStyle="dashed"
          borderColor="accent.solid"
          bg="accent.subtle"
          pointerEvents="none"
        >
          <FolderDown size={28} strokeWidth={1.5} aria-hidden />
          <Text fontWeight="medium">{say("folder.drop")}</Text>
        </Flex>
      )}
    </Box>
  );
}

function asNode(target: EventTarget | null): Node | null {
  return target instanceof Node ? target : null;
}
