import { Box, Button, Dialog, Skeleton, Stack, Text } from "@chakra-ui/react";
import type { Deployment } from "@cloudsmith/contracts";
import type { RollbackPreview } from "@cloudsmith/contracts/api";
import { useQuery } from "@tanstack/react-query";
import { api } from "../../api/client.ts";
import { DialogFrame } from "../../parts/dialog-frame.tsx";
import { ErrorPanel } from "../../parts/error-panel.tsx";
import { common } from "../../words/common.ts";
import { deployment as words } from "../../words/deployment.ts";
import { useSay } from "../../words/say.ts";
import { DifferencesTable } from "./differences-table.tsx";
import type { Action } from "./use-deployment-actions.ts";

export interface RollbackDialogProps {
  readonly deployment: Deployment;
  readonly address: { readonly project: string; readonly environment: string };
  readonly action: Action;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** A look at what a rollback would change, before it is done. */
export function RollbackDialog({ deployment, address, action, open, onClose }: RollbackDialogProps) {
  const say = useSay(words);
  const sayCommon = useSay(common);
  const preview = useQuery(
    api.deployments.previewRollback.queryOptions({ input: { ...address, to: deployment.id }, enabled: open }),
  );
  return (
    <DialogFrame
      open={open}
      onClose={onClose}
      title={say("rollback.title", { sequence: deployment.sequence })}
      size="lg"
      scrolls
    >
      <Dialog.Body>
        <Stack gap="3" textStyle="small">
          <Text>{say("rollback.text")}</Text>
          {preview.isPending && <Skeleton height="80px" />}
          {preview.isError && <ErrorPanel error={preview.error} onRetry={() => void preview.refetch()} />}
          {preview.data !== undefined && <Preview preview={preview.data} />}
        </Stack>
      </Dialog.Body>
      <Dialog.Footer>
        <Button size="sm" variant="outline" onClick={onClose}>
          {sayCommon("cancel")}
        </Button>
        <Button
          size="sm"
          colorPalette="accent"
          loading={action.pending}
          disabled={!preview.isSuccess}
          onClick={action.run}
        >
          {say("rollback")}
        </Button>
      </Dialog.Footer>
    </DialogFrame>
  );
}

function Preview({ preview }: { readonly preview: RollbackPreview }) {
  const say = useSay(words);
  const { differences, secrets, pausesAutomaticDeployments, overtakes } = preview;
  return (
    <>
      {pausesAutomaticDeployments && <Text>{say("rollback.pauses")}</Text>}
      {overtakes !== null && (
        <Text color="fg.warning">{say("rollback.overtakes", { sequence: overtakes.sequence })}</Text>
      )}
      {differences.length === 0 && secrets.length === 0 && <Text color="fg.muted">{say("rollback.same")}</Text>}
      {differences.length > 0 && (
        <Box borderWidth="1px" borderRadius="md" overflowX="auto">
          <DifferencesTable differences={differences} label={say("rollback.changes")} />
        </Box>
      )}
      {secrets.length > 0 && (
        <Box as="ul" ps="4">
          {secrets.map(({ name, revoked }) => (
            <li key={name}>{say("rollback.secret", { name, revoked: revoked ?? "other" })}</li>
          ))}
        </Box>
      )}
    </>
  );
}
