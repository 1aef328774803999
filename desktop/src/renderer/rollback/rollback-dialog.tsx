import { Box, Button, chakra, Dialog, Flex, Stack, Text } from "@chakra-ui/react";
import type { Deployment } from "@cloudsmith/contracts";
import type { RollbackPreview } from "@cloudsmith/contracts/api";
import { useMutation, useQuery } from "@tanstack/react-query";
import { CirclePause, Info, Undo2 } from "lucide-react";
import { useState, type ReactNode } from "react";
import { api, client } from "../api/client.ts";
import { DialogActions, DialogFrame } from "../parts/dialog-frame.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { RowsSkeleton } from "../parts/page-states.tsx";
import { Time } from "../parts/time.tsx";
import { rollback as words } from "../words/rollback.ts";
import { useSay } from "../words/say.ts";
import { changesOf, type Change, type ChangesOfGroup } from "./rollback-changes.ts";

export interface RollbackDialogProps {
  readonly place: { readonly project: string; readonly environment: string };
  /** A deployment's id, or `previous` for the one that was live before. */
  readonly to: string;
  readonly onClose: () => void;
  /** It is under way, as this deployment. */
  readonly onStarted: (deployment: Deployment) => void;
}

/** A look at what a rollback would change, before it is done. */
export function RollbackDialog({ place, to, onClose, onStarted }: RollbackDialogProps) {
  const say = useSay(words);
  const [requestKey] = useState(() => crypto.randomUUID());
  const preview = useQuery(
    api.deployments.previewRollback.queryOptions({
      input: { ...place, ...(to !== "previous" && { to }) },
      staleTime: 0,
      retry: false,
    }),
  );
  const target = preview.data?.target;
  const rollback = useMutation({
    // The one that was looked at, whatever became the previous one meanwhile.
    mutationFn: (id: string) => client.deployments.rollback({ ...place, to: id, requestKey }),
    onSuccess: onStarted,
  });
  return (
    <DialogFrame
      onClose={onClose}
      title={target === undefined ? say("confirm") : say("title", { sequence: target.sequence })}
      text={say("text")}
      size="lg"
      scrolls
    >
      <Dialog.Body>
        {preview.isPending && <RowsSkeleton rows={4} />}
        {preview.isError && <ErrorPanel error={preview.error} onRetry={() => void preview.refetch()} />}
        {preview.data !== undefined && <Preview preview={preview.data} />}
        {rollback.isError && (
          <Box mt="4">
            <ErrorPanel error={rollback.error} />
          </Box>
        )}
      </Dialog.Body>
      <DialogActions onClose={onClose}>
        <Button
          size="sm"
          colorPalette="accent"
          disabled={target === undefined}
          loading={rollback.isPending || rollback.isSuccess}
          onClick={() => target !== undefined && rollback.mutate(target.id)}
        >
          <Undo2 size={15} />
          {say("confirm")}
        </Button>
      </DialogActions>
    </DialogFrame>
  );
}

function Preview({ preview }: { readonly preview: RollbackPreview }) {
  const say = useSay(words);
  const groups = changesOf(preview);
  return (
    <Stack gap="4">
      {groups.length === 0 && <Text color="fg.muted">{say(preview.live === null ? "nothingLive" : "same")}</Text>}
      {groups.map((each) => (
        <Group key={each.group} {...each} />
      ))}
      <Stack gap="1.5">
        {preview.pausesAutomaticDeployments && <Note icon={<CirclePause size={15} />}>{say("pauses")}</Note>}
        {preview.overtakes !== null && (
          <Note icon={<Info size={15} />}>{say("overtakes", { sequence: preview.overtakes.sequence })}</Note>
        )}
      </Stack>
    </Stack>
  );
}

function Note({ icon, children }: { readonly icon: ReactNode; readonly children: ReactNode }) {
  return (
    <Flex gap="2" textStyle="small" color="fg.muted" align="center">
      <Box aria-hidden>{icon}</Box>
      {children}
    </Flex>
  );
}

const Table = chakra("table", {
  base: {
    width: "full",
    tableLayout: "fixed",
    textStyle: "small",
    "& th, & td": { textAlign: "start", verticalAlign: "top", px: "3", py: "1.5", borderBottomWidth: "1px" },
    "& tr:last-child td, & tr:last-child th": { borderBottomWidth: "0" },
    "& thead th": { color: "fg.muted", fontWeight: "normal", borderBottomWidth: "1px !important" },
    "& tbody th": { fontWeight: "medium", fontFamily: "mono", fontSize: "0.8125rem", overflowWrap: "anywhere" },
    "& td": { overflowWrap: "anywhere", borderColor: "border.muted" },
  },
});

function Group({ group, changes }: ChangesOfGroup) {
  const say = useSay(words);
  return (
    <Box>
      <Text textStyle="label" mb="1">
        {say(group)}
      </Text>
      <Box borderWidth="1px" borderRadius="md" overflow="hidden">
        <Table aria-label={say(group)}>
          <thead>
            <tr>
              <th>{say("field")}</th>
              <th>{say("before")}</th>
              <th>{say("after")}</th>
            </tr>
          </thead>
          <tbody>
            {changes.map((change) => (
              <tr key={change.name}>
                <th scope="row">{change.name}</th>
                <td>
                  <Value group={group} value={change.before} />
                </td>
                <td>
                  <After group={group} change={change} />
                </td>
              </tr>
            ))}
          </tbody>
        </Table>
      </Box>
    </Box>
  );
}

function After({ group, change }: { readonly group: ChangesOfGroup["group"]; readonly change: Change }) {
  const say = useSay(words);
  return (
    <>
      {change.revoked !== "removed" && <Value group={group} value={change.after} />}
      {change.revoked !== null && (
        <Text color="fg.warning">{say(change.revoked === "replaced" ? "revokedReplaced" : "revokedRemoved")}</Text>
      )}
    </>
  );
}

function Value({ group, value }: { readonly group: ChangesOfGroup["group"]; readonly value: string | null }) {
  const say = useSay(words);
  if (value === null) return <Text color="fg.muted">{say("absent")}</Text>;
  if (group === "secret") return <Time at={value} />;
  return value;
}
