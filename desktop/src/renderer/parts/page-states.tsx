import { Box, Button, Flex, Skeleton, Stack } from "@chakra-ui/react";
import { useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { shell } from "../words/shell.ts";
import { useSay } from "../words/say.ts";
import { AppLink } from "./app-link.tsx";
import { EmptyState } from "./empty-state.tsx";
import { ErrorPanel } from "./error-panel.tsx";
import { Page } from "./page.tsx";

/** Names are not all of one length. */
const widths = ["28%", "36%", "24%", "32%"] as const;

/** Rows of a list that is on its way. */
export function RowsSkeleton({ rows = 6, height = "40px" }: { readonly rows?: number; readonly height?: string }) {
  return (
    <Box aria-busy borderWidth="1px" borderRadius="lg" bg="bg.panel" overflow="hidden">
      {Array.from({ length: rows }, (_, row) => (
        <Flex
          key={row}
          align="center"
          justify="space-between"
          height={height}
          px="4"
          borderTopWidth={row === 0 ? "0" : "1px"}
          borderColor="border.muted"
        >
          <Stack gap="2" flex="1">
            <Skeleton height="10px" width={widths[row % widths.length]} />
            {Number.parseInt(height, 10) >= 48 && <Skeleton height="8px" width="20%" opacity="0.6" />}
          </Stack>
          <Skeleton height="10px" width="72px" opacity="0.6" />
        </Flex>
      ))}
    </Box>
  );
}

export function PageSkeleton() {
  return (
    <Box maxW="1280px" mx="auto" px={{ base: "4", md: "8" }} pt={{ base: "4", md: "6" }}>
      <Skeleton height="28px" width="200px" mb="6" />
      <RowsSkeleton />
    </Box>
  );
}

/** A page that broke; the others go on. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const say = useSay(shell);
  const router = useRouter();
  return (
    <Page title={say("broken.title")}>
      <ErrorPanel
        error={error}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </Page>
  );
}

export function NotFound() {
  const say = useSay(shell);
  return (
    <Page title={say("notFound.title")}>
      <EmptyState icon={Compass} title={say("notFound.nothing")} text={say("notFound.text")}>
        <Button asChild size="sm" variant="outline">
          <AppLink to="/">{say("nav.projects")}</AppLink>
        </Button>
      </EmptyState>
    </Page>
  );
}
