import { Box, Button, chakra, Link } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { BookOpen } from "lucide-react";
import type { ReactNode } from "react";
import { api } from "../../api/client.ts";
import { native } from "../../native.ts";
import { CopyButton } from "../../parts/copy-button.tsx";
import { ErrorPanel } from "../../parts/error-panel.tsx";
import { Page } from "../../parts/page.tsx";
import { RowsSkeleton } from "../../parts/page-states.tsx";
import { Time } from "../../parts/time.tsx";
import { about } from "../../words/about.ts";
import { useSay } from "../../words/say.ts";

/** Which CloudSmith this is. */
export function AboutPage() {
  const say = useSay(about);
  const info = useQuery(api.system.info.queryOptions());
  return (
    <Page
      title={say("title")}
      detail={say("detail")}
      actions={
        <>
          <Button asChild size="sm" variant="outline">
            <Link href="/api" target="_blank" rel="noreferrer" _hover={{ textDecoration: "none" }}>
              <BookOpen size={14} />
              {say("reference")}
            </Link>
          </Button>
          {info.data !== undefined && (
            <CopyButton
              text={JSON.stringify({ ...info.data, desktop: native?.version }, undefined, 2)}
              label={say("copy")}
              size="sm"
            />
          )}
        </>
      }
    >
      {info.isPending && <RowsSkeleton rows={5} height="28px" />}
      {info.isError && <ErrorPanel error={info.error} onRetry={() => void info.refetch()} />}
      {info.data !== undefined && (
        <Box as="dl" borderWidth="1px" borderRadius="lg" maxW="640px" bg="bg.panel">
          <Fact name={say("version")}>{info.data.version}</Fact>
          <Fact name={say("api")}>{info.data.apiVersion}</Fact>
          {native !== undefined && <Fact name={say("desktop")}>{native.version}</Fact>}
          <Fact name={say("mode")}>{say(`mode.${info.data.mode}`)}</Fact>
          <Fact name={say("address")}>{info.data.url}</Fact>
          <Fact name={say("process")}>{info.data.pid}</Fact>
          <Fact name={say("since")}>
            <Time at={info.data.startedAt} />
          </Fact>
          <Fact name={say("license")}>{licence}</Fact>
        </Box>
      )}
    </Page>
  );
}

const licence = "Apache-2.0";

const Row = chakra("div", {
  base: {
    display: "flex",
    gap: "4",
    px: "4",
    py: "2",
    borderBottomWidth: "1px",
    borderColor: "border.muted",
    _last: { borderBottomWidth: 0 },
  },
});
const Name = chakra("dt", { base: { width: "140px", flexShrink: 0, color: "fg.muted" } });
const Value = chakra("dd", { base: { minW: 0 } });

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <Row>
      <Name>{name}</Name>
      <Value>{children}</Value>
    </Row>
  );
}
