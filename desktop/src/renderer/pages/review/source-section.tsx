import { Box, Button, Field, Flex, Grid, NativeSelect, Text } from "@chakra-ui/react";
import type { SourceRef } from "@cloudsmith/contracts";
import type { SourceReview } from "@cloudsmith/contracts/api";
import { AppLink } from "../../parts/app-link.tsx";
import { Section } from "../../parts/section.tsx";
import { RefSelect } from "../../source/ref-select.tsx";
import { SourceIcon } from "../../source/source-icon.tsx";
import { sourceName, sourcePlace } from "../../source/source-text.ts";
import { review as words } from "../../words/review.ts";
import { useSay } from "../../words/say.ts";
import { source as sourceWords } from "../../words/source.ts";

export interface SourceSectionProps {
  readonly source: SourceRef;
  readonly account: string | undefined;
  readonly review: SourceReview;
  readonly onChange: (source: SourceRef) => void;
}

/** Where it comes from: the branch, and the app of a monorepo. */
export function SourceSection({ source, account, review, onChange }: SourceSectionProps) {
  const say = useSay(words);
  return (
    <Section
      title={say("source.title")}
      actions={
        <Button asChild size="xs" variant="outline">
          <AppLink to="/new" search={{}}>
            {say("source.change")}
          </AppLink>
        </Button>
      }
    >
      <Box borderWidth="1px" borderRadius="lg" bg="bg.panel" p="3">
        <Flex align="center" gap="2.5" minW="0">
          <SourceIcon type={source.type} size={18} />
          <Box minW="0">
            <Text fontWeight="semibold">{sourceName(source)}</Text>
            <Text textStyle="small" color="fg.muted" truncate title={sourcePlace(source)}>
              {sourcePlace(source)}
            </Text>
          </Box>
        </Flex>
        {review.commit !== null && (
          <Text textStyle="small" color="fg.muted" mt="2">
            <Text as="code" textStyle="mono" color="fg" me="2">
              {review.commit.sha.slice(0, 7)}
            </Text>
            {[review.commit.message, review.commit.author].join(" · ")}
          </Text>
        )}
        {(source.type !== "folder" || review.apps.length > 1) && (
          <Grid templateColumns={{ base: "1fr", sm: "1fr 1fr" }} gap="3" mt="3">
            {source.type !== "folder" && (
              <RefSelect
                source={source}
                account={account}
                project={review.project?.id}
                onChange={(ref) => onChange({ ...source, ref })}
              />
            )}
            {review.apps.length > 1 && (
              <AppSelect apps={review.apps} dir={source.dir} onChange={(dir) => onChange({ ...source, dir })} />
            )}
          </Grid>
        )}
      </Box>
    </Section>
  );
}

/** The app of a monorepo that is meant. */
function AppSelect({
  apps,
  dir,
  onChange,
}: {
  readonly apps: SourceReview["apps"];
  readonly dir: string;
  readonly onChange: (dir: string) => void;
}) {
  const say = useSay(sourceWords);
  const listed = dir === "" || apps.some((app) => app.dir === dir);
  return (
    <Field.Root>
      <Field.Label>{say("app.label")}</Field.Label>
      <NativeSelect.Root size="sm">
        <NativeSelect.Field value={dir} onChange={(event) => onChange(event.target.value)}>
          <option value="">{say("app.root")}</option>
          {!listed && <option value={dir}>{say("app.other", { dir })}</option>}
          {apps
            .filter((app) => app.dir !== "")
            .map((app) => (
              <option key={app.dir} value={app.dir}>
                {app.framework === null ? app.dir : `${app.dir} (${app.framework})`}
              </option>
            ))}
        </NativeSelect.Field>
        <NativeSelect.Indicator />
      </NativeSelect.Root>
    </Field.Root>
  );
}
