import { Box, Button, Skeleton, Stack } from "@chakra-ui/react";
import { useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { shell } from "../words/shell.ts";
import { useSay } from "../words/say.ts";
import { AppLink } from "./app-link.tsx";
import { EmptyState } from "./empty-state.tsx";
import { ErrorPanel } from "./error-panel.tsx";
import { Page } from "./page.tsx";

/** Rows of a list that is on its way. */
export function RowsSkeleton({ rows = 6, height = "40px" }: { readonly rows?: number; readonly height?: string }) {
  return (
    <Stack gap="2" aria-busy>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={height} borderRadius="md" />
      ))}
    </Stack>
  );
}

export function PageSkeleton() {
  return (
    <Box maxW="1120px" mx="auto" px={{ base: "4", md: "8" }} pt="6">
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
      <EmptyState icon={Compass} title={say("notFound.title")} text={say("notFound.text")}>
        <Button asChild size="sm" variant="outline">
          <AppLink to="/">{say("nav.projects")}</AppLink>
        </Button>
      </EmptyState>
    </Page>
  );
}
