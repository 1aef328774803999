import { Box, Button, Field, Flex, Grid, Input } from "@chakra-ui/react";
import type { SourceRef } from "@cloudsmith/contracts";
import type { ProjectView } from "@cloudsmith/contracts/api";
import { useState } from "react";
import { client } from "../../api/client.ts";
import { ErrorPanel } from "../../parts/error-panel.tsx";
import { Section } from "../../parts/section.tsx";
import { toast } from "../../parts/toast.ts";
import { RefSelect } from "../../source/ref-select.tsx";
import { sourcePlace } from "../../source/source-text.ts";
import { project as words } from "../../words/project.ts";
import { useSay } from "../../words/say.ts";
import { useChangeProject } from "./use-change-project.ts";

/** Place, branch and folder of the source. */
export function SourceSettings({ view }: { readonly view: ProjectView }) {
  const say = useSay(words);
  const { project } = view;
  const [place, setPlace] = useState(sourcePlace(project.source));
  const [ref, setRef] = useState(project.source.type === "folder" ? null : project.source.ref);
  const [dir, setDir] = useState(project.source.dir);
  const changed =
    place.trim() !== sourcePlace(project.source) ||
    dir.trim() !== project.source.dir ||
    (project.source.type !== "folder" && ref !== project.source.ref);
  const save = useChangeProject(
    async () => {
      const source = await sourceFor(project.source, { place: place.trim(), ref, dir: dir.trim() });
      return client.projects.update({ project: project.id, source });
    },
    () => void toast({ title: say("settings.saved"), description: say("settings.savedText") }),
  );
  return (
    <Section title={say("settings.source")} detail={say("settings.sourceText")}>
      <Box
        as="form"
        borderWidth="1px"
        borderRadius="lg"
        bg="bg.panel"
        p="4"
        onSubmit={(event) => {
          event.preventDefault();
          if (changed) save.mutate(undefined);
        }}
      >
        <Grid templateColumns={{ base: "1fr", md: "minmax(0, 5fr) minmax(0, 4fr) minmax(0, 3fr)" }} gap="3">
          <Field.Root>
            <Field.Label>{say("settings.place")}</Field.Label>
            <Input
              size="sm"
              fontFamily="mono"
              spellCheck={false}
              autoComplete="off"
              value={place}
              onChange={(event) => setPlace(event.target.value)}
            />
          </Field.Root>
          {project.source.type !== "folder" && (
            <RefSelect
              source={{ ...project.source, ref }}
              onChange={setRef}
              project={project.id}
              account={project.credential ?? undefined}
            />
          )}
          <Field.Root>
            <Field.Label>{say("settings.dir")}</Field.Label>
            <Input
              size="sm"
              fontFamily="mono"
              spellCheck={false}
              autoComplete="off"
              value={dir}
              onChange={(event) => setDir(event.target.value)}
            />
            <Field.HelperText>{say("settings.dirHint")}</Field.HelperText>
          </Field.Root>
        </Grid>
        {save.isError && (
          <Box mt="3">
            <ErrorPanel error={save.error} />
          </Box>
        )}
        <Flex mt="3" gap="2">
          <Button
            type="submit"
            size="sm"
            variant="outline"
            disabled={!changed || place.trim() === ""}
            loading={save.isPending}
          >
            {say("settings.save")}
          </Button>
        </Flex>
      </Box>
    </Section>
  );
}

/** The source with its edits; another place is read as people type it: a folder may become a repository. */
async function sourceFor(
  before: SourceRef,
  edited: { readonly place: string; readonly ref: string | null; readonly dir: string },
): Promise<SourceRef> {
  const { place, ref, dir } = edited;
  const resolved = place === sourcePlace(before) ? before : await client.sources.resolve({ text: place, dir });
  if (resolved.type === "folder") return { ...resolved, dir };
  return { ...resolved, dir, ref: resolved === before ? ref : (resolved.ref ?? ref) };
}
