import { Box, Button, chakra, Flex, Text } from "@chakra-ui/react";
import { useMutation } from "@tanstack/react-query";
import { Download, LifeBuoy } from "lucide-react";
import { api } from "../../api/client.ts";
import { bytes } from "../../parts/bytes.ts";
import { ErrorPanel } from "../../parts/error-panel.tsx";
import { Section } from "../../parts/section.tsx";
import { diagnostics } from "../../words/diagnostics.ts";
import { useSay } from "../../words/say.ts";

interface BundleFile {
  readonly name: string;
  readonly content: string;
}

const Details = chakra("details", {
  base: { borderBottomWidth: "1px", borderColor: "border.muted", _last: { borderBottomWidth: 0 } },
});
const Summary = chakra("summary", { base: { cursor: "pointer", px: "4", py: "2", textStyle: "small" } });

/** A redacted picture of this installation: made, looked through, downloaded. */
export function SupportBundle() {
  const say = useSay(diagnostics);
  const bundle = useMutation(api.system.supportBundle.mutationOptions());
  const files = bundle.data;
  return (
    <Section title={say("bundle.title")} detail={say("bundle.detail")}>
      {bundle.isError && (
        <Box mb="3">
          <ErrorPanel error={bundle.error} onRetry={() => bundle.mutate(undefined)} />
        </Box>
      )}
      <Flex align="center" gap="3" mb="3" wrap="wrap">
        <Button size="xs" variant="outline" loading={bundle.isPending} onClick={() => bundle.mutate(undefined)}>
          <LifeBuoy size={13} />
          {say("bundle.make")}
        </Button>
        {files !== undefined && (
          <>
            <Button size="xs" colorPalette="accent" onClick={() => download(files)}>
              <Download size={13} />
              {say("bundle.download")}
            </Button>
            <Text role="status" textStyle="small" color="fg.muted">
              {say("bundle.files", { count: files.length, size: bytes(sizeOf(files)) })}
            </Text>
          </>
        )}
      </Flex>
      {files !== undefined && <Preview files={files} />}
    </Section>
  );
}

function Preview({ files }: { readonly files: readonly BundleFile[] }) {
  return (
    <Box borderWidth="1px" borderRadius="lg" bg="bg.panel">
      {files.map(({ name, content }) => (
        <Details key={name}>
          <Summary>{name}</Summary>
          <Box
            as="pre"
            role="region"
            aria-label={name}
            tabIndex={0}
            textStyle="mono"
            fontSize="xs"
            maxH="320px"
            overflow="auto"
            bg="bg.subtle"
            px="4"
            py="2"
          >
            {content.slice(0, 100_000)}
          </Box>
        </Details>
      ))}
    </Box>
  );
}

function sizeOf(files: readonly BundleFile[]): number {
  return files.reduce((sum, { content }) => sum + content.length, 0);
}

/** One JSON file, so that nothing has to be unpacked to look at it. */
function download(files: readonly BundleFile[]): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(files, undefined, 2)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `cloudsmith-support-${new Date().toISOString().slice(0, 10)}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
