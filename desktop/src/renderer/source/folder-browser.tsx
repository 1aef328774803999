import { Box, Button, chakra, Dialog, Flex, Input, Text } from "@chakra-ui/react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ChevronRight, CornerLeftUp, Folder } from "lucide-react";
import { useState } from "react";
import { api } from "../api/client.ts";
import { DialogActions, DialogFrame } from "../parts/dialog-frame.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { RowsSkeleton } from "../parts/page-states.tsx";
import { useSay } from "../words/say.ts";
import { source as words } from "../words/source.ts";

export interface FolderBrowserProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onChoose: (path: string) => void;
}

/** Chooses a folder of the computer that the agent runs on, where there is no native dialog for it. */
export function FolderBrowser({ open, onClose, onChoose }: FolderBrowserProps) {
  const say = useSay(words);
  return (
    <DialogFrame open={open} onClose={onClose} title={say("browse.title")} text={say("browse.text")} size="md" scrolls>
      <Browser onChoose={onChoose} onClose={onClose} />
    </DialogFrame>
  );
}

const Row = chakra("button", {
  base: {
    display: "flex",
    alignItems: "center",
    gap: "2",
    width: "full",
    px: "3",
    minH: "34px",
    textAlign: "start",
    cursor: "pointer",
    borderRadius: "md",
    _hover: { bg: "bg.muted" },
    _focusVisible: { outlineOffset: "-2px" },
  },
});

function Browser({ onChoose, onClose }: Pick<FolderBrowserProps, "onChoose" | "onClose">) {
  const say = useSay(words);
  const [path, setPath] = useState<string>();
  const [filter, setFilter] = useState("");
  const list = useQuery(
    api.sources.folders.queryOptions({
      input: path === undefined ? {} : { path },
      placeholderData: keepPreviousData,
      staleTime: 0,
    }),
  );
  const go = (to: string): void => {
    setPath(to);
    setFilter("");
  };
  const found = list.data?.folders.filter(({ name }) => name.toLowerCase().includes(filter.toLowerCase())) ?? [];
  return (
    <>
      <Dialog.Body px="3" minH="320px">
        {list.isPending && <RowsSkeleton rows={8} height="30px" />}
        {list.isError && <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />}
        {list.data !== undefined && (
          <>
            <Trail trail={list.data.trail} onGo={go} />
            <Input
              size="sm"
              mb="2"
              value={filter}
              placeholder={say("browse.filter")}
              aria-label={say("browse.filter")}
              onChange={(event) => setFilter(event.target.value)}
            />
            <Box as="ul" listStyleType="none" aria-label={say("browse.list")}>
              {list.data.parent !== null && filter === "" && (
                <li>
                  <Row type="button" color="fg.muted" onClick={() => go(list.data.parent ?? "")}>
                    <CornerLeftUp size={15} aria-hidden />
                    {say("browse.up")}
                  </Row>
                </li>
              )}
              {found.map((folder) => (
                <li key={folder.path}>
                  <Row type="button" onClick={() => go(folder.path)}>
                    <Folder size={15} aria-hidden />
                    {folder.name}
                  </Row>
                </li>
              ))}
            </Box>
            {found.length === 0 && (
              <Text textStyle="small" color="fg.muted" px="3" py="4">
                {filter === ""
                  ? `${say("browse.empty")}. ${say("browse.emptyText")}`
                  : say("browse.noMatch", { text: filter })}
              </Text>
            )}
            {list.data.truncated && (
              <Text textStyle="small" color="fg.muted" px="3" py="2">
                {say("browse.truncated")}
              </Text>
            )}
          </>
        )}
      </Dialog.Body>
      <DialogActions
        onClose={onClose}
        justifyContent="space-between"
        gap="3"
        before={
          <Text textStyle="mono" fontSize="xs" color="fg.muted" truncate minW="0" flex="1" title={list.data?.path}>
            {list.data?.path}
          </Text>
        }
      >
        <Button
          size="sm"
          colorPalette="accent"
          disabled={list.data === undefined}
          onClick={() => list.data !== undefined && onChoose(list.data.path)}
        >
          {say("browse.use")}
        </Button>
      </DialogActions>
    </>
  );
}

function Trail({
  trail,
  onGo,
}: {
  readonly trail: readonly { readonly name: string; readonly path: string }[];
  readonly onGo: (path: string) => void;
}) {
  const say = useSay(words);
  return (
    <Flex as="nav" aria-label={say("browse.trail")} wrap="wrap" align="center" mb="2" px="1" textStyle="small">
      {trail.map(({ name, path }, index) => (
        <Flex key={path} align="center">
          {index > 0 && <ChevronRight size={13} aria-hidden />}
          <Button
            size="2xs"
            variant="ghost"
            onClick={() => onGo(path)}
            {...(index === trail.length - 1 && { "aria-current": "location" as const })}
          >
            {name}
          </Button>
        </Flex>
      ))}
    </Flex>
  );
}
