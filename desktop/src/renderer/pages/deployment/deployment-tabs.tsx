import { Box, chakra, Skeleton, Stack, Text } from "@chakra-ui/react";
import type { Deployment } from "@cloudsmith/contracts";
import { useQuery } from "@tanstack/react-query";
import { GitCompare } from "lucide-react";
import { api } from "../../api/client.ts";
import { EmptyState } from "../../parts/empty-state.tsx";
import { ErrorPanel } from "../../parts/error-panel.tsx";
import { deployment as words } from "../../words/deployment.ts";
import { intl, useSay } from "../../words/say.ts";
import { DifferencesTable } from "./differences-table.tsx";
import { Cell, Frame, HeadCell, Table } from "./table.tsx";

/** What differs from the deployment that was live before. */
export function ChangesTab({ deployment }: { readonly deployment: Deployment }) {
  const say = useSay(words);
  // Commit and plan are known once it was prepared.
  const input = { deployment: deployment.id };
  const diff = useQuery({
    ...api.deployments.diff.queryOptions({ input }),
    queryKey: [...api.deployments.diff.queryKey({ input }), deployment.sourceId, deployment.state],
  });
  if (diff.isPending) return <Skeleton height="120px" />;
  if (diff.isError) return <ErrorPanel error={diff.error} onRetry={() => void diff.refetch()} />;
  const { from, differences } = diff.data;
  if (from === null) return <EmptyState icon={GitCompare} title={say("tab.changes")} text={say("changes.first")} />;
  const { sequence } = from;
  if (differences.length === 0)
    return <EmptyState icon={GitCompare} title={say("tab.changes")} text={say("changes.same", { sequence })} />;
  return (
    <>
      <Text textStyle="small" color="fg.muted" mb="2">
        {say("changes.against", { sequence })}
      </Text>
      <Frame>
        <DifferencesTable differences={differences} label={say("tab.changes")} />
      </Frame>
    </>
  );
}

/** The configuration that it took; of secrets the names. */
export function ConfigurationTab({ deployment }: { readonly deployment: Deployment }) {
  const say = useSay(words);
  const found = useQuery(
    api.deployments.configuration.queryOptions({ input: { deployment: deployment.id }, staleTime: Infinity }),
  );
  if (found.isPending) return <Skeleton height="120px" />;
  if (found.isError) return <ErrorPanel error={found.error} onRetry={() => void found.refetch()} />;
  const { variables, secrets, settings } = found.data;
  return (
    <Stack gap="4">
      <Text textStyle="small" color="fg.muted">
        {say("configuration.text")}
      </Text>
      <NamedTable
        title={say("configuration.variables")}
        empty={say("configuration.noVariables")}
        heads={[say("configuration.name"), say("configuration.value"), say("configuration.scope")]}
        rows={Object.entries(variables).map(([name, { value, scope }]) => [name, value, say(`scope.${scope}`)])}
      />
      <NamedTable
        title={say("configuration.secrets")}
        empty={say("configuration.noSecrets")}
        heads={[say("configuration.name"), say("configuration.version"), say("configuration.scope")]}
        rows={secrets.map(({ name, createdAt, scope, revokedAt }) => [
          name,
          `${intl.formatDate(createdAt, { dateStyle: "medium", timeStyle: "short" })}${revokedAt === null ? "" : ` · ${say("configuration.revoked")}`}`,
          say(`scope.${scope}`),
        ])}
      />
      <NamedTable
        title={say("configuration.settings")}
        empty={say("configuration.noSettings")}
        heads={[say("configuration.name"), say("configuration.value")]}
        rows={Object.entries(settings).map(([name, value]: [string, unknown]) => [name, JSON.stringify(value)])}
      />
    </Stack>
  );
}

interface NamedTableProps {
  readonly title: string;
  readonly empty: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

function NamedTable({ title, empty, heads, rows }: NamedTableProps) {
  return (
    <Box as="section" aria-label={title}>
      <Text as="h2" textStyle="label" mb="1">
        {title}
      </Text>
      {rows.length === 0 ? (
        <Text textStyle="small" color="fg.muted">
          {empty}
        </Text>
      ) : (
        <Frame mb="0">
          <Table aria-label={title}>
            <thead>
              <tr>
                {heads.map((head) => (
                  <HeadCell key={head}>{head}</HeadCell>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((cells) => (
                <tr key={cells[0]}>
                  {cells.map((cell, index) => (
                    <Cell key={index}>{index < 2 ? <Mono>{cell}</Mono> : cell}</Cell>
                  ))}
                </tr>
              ))}
            </tbody>
          </Table>
        </Frame>
      )}
    </Box>
  );
}

const Mono = chakra("code", { base: { fontFamily: "mono", fontSize: "xs", overflowWrap: "anywhere" } });
