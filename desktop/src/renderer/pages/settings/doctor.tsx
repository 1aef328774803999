import { Box, Button, Flex, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleX, RotateCw, TriangleAlert } from "lucide-react";
import { api } from "../../api/client.ts";
import { ErrorPanel } from "../../parts/error-panel.tsx";
import { RowsSkeleton } from "../../parts/page-states.tsx";
import { Section } from "../../parts/section.tsx";
import { diagnostics } from "../../words/diagnostics.ts";
import { useSay } from "../../words/say.ts";

const looks = {
  ok: { icon: CircleCheck, color: "fg.success" },
  warning: { icon: TriangleAlert, color: "fg.warning" },
  failed: { icon: CircleX, color: "fg.error" },
} as const;

/** What `cloudsmith doctor` says. */
export function Doctor() {
  const say = useSay(diagnostics);
  const checks = useQuery(api.system.doctor.queryOptions({ staleTime: 0 }));
  return (
    <Section
      title={say("doctor.title")}
      detail={say("doctor.detail")}
      actions={
        <Button
          size="xs"
          variant="outline"
          loading={checks.isFetching}
          loadingText={say("doctor.checking")}
          onClick={() => void checks.refetch()}
        >
          <RotateCw size={13} />
          {say("doctor.again")}
        </Button>
      }
    >
      {checks.isPending && <RowsSkeleton rows={5} height="36px" />}
      {checks.isError && <ErrorPanel error={checks.error} onRetry={() => void checks.refetch()} />}
      {checks.data !== undefined && (
        <Box as="ul" listStyleType="none" borderWidth="1px" borderRadius="lg" bg="bg.panel">
          {checks.data.map((check) => (
            <Check key={check.name} check={check} />
          ))}
        </Box>
      )}
    </Section>
  );
}

type DoctorCheck = Awaited<ReturnType<typeof api.system.doctor.call>>[number];

function Check({ check: { name, status, message, fix } }: { readonly check: DoctorCheck }) {
  const say = useSay(diagnostics);
  const { icon: Icon, color } = looks[status];
  return (
    <Flex
      as="li"
      data-check={name}
      gap="3"
      px="4"
      py="2"
      borderBottomWidth="1px"
      borderColor="border.muted"
      _last={{ borderBottomWidth: 0 }}
    >
      <Box color={color} pt="0.5" flexShrink={0} role="img" aria-label={say(`status.${status}`)}>
        <Icon size={16} />
      </Box>
      <Box minW="0">
        <Text fontWeight="medium">{name}</Text>
        <Text textStyle="small" color="fg.muted">
          {message}
        </Text>
        {fix !== undefined && (
          <Text textStyle="small" mt="0.5">
            {say("doctor.todo", { fix })}
          </Text>
        )}
      </Box>
    </Flex>
  );
}
