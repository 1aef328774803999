import { Box, chakra, Flex, Text } from "@chakra-ui/react";
import {
  ArrowRightFromLine,
  Ban,
  Check,
  Circle,
  CircleDashed,
  CornerDownRight,
  LoaderCircle,
  Recycle,
  X,
  type LucideIcon,
} from "lucide-react";
import type { Deployment } from "@cloudsmith/contracts";
import { duration } from "../../parts/time.tsx";
import { deployment as words } from "../../words/deployment.ts";
import { intl, useSay } from "../../words/say.ts";
import { stageNodes, type NodeStatus, type StageNode } from "./stage-nodes.ts";
import { useNow } from "./use-now.ts";

interface Look {
  readonly icon: LucideIcon;
  readonly tone: "green" | "red" | "amber" | "blue" | "gray";
  readonly filled?: true;
  readonly moves?: true;
}

/** Colour, shape and word of each state differ, so that none of them is needed alone. */
const looks: Readonly<Record<NodeStatus, Look>> = {
  waiting: { icon: Circle, tone: "gray" },
  running: { icon: LoaderCircle, tone: "blue", moves: true },
  canceling: { icon: LoaderCircle, tone: "amber", moves: true },
  done: { icon: Check, tone: "green", filled: true },
  reused: { icon: Recycle, tone: "green" },
  skipped: { icon: CornerDownRight, tone: "gray" },
  failed: { icon: X, tone: "red", filled: true },
  canceled: { icon: Ban, tone: "gray", filled: true },
  superseded: { icon: ArrowRightFromLine, tone: "gray", filled: true },
  "not-reached": { icon: CircleDashed, tone: "gray" },
};

const quiet: ReadonlySet<NodeStatus> = new Set(["waiting", "skipped", "not-reached"]);

const Spin = chakra("span", {
  base: { display: "flex" },
  variants: { moves: { true: { animation: "spin 1.6s linear infinite", _motionReduce: { animation: "none" } } } },
});

/** Seconds with a tenth while they are few. */
export function stageTime(ms: number): string {
  if (ms >= 9950) return duration(ms);
  return intl.formatNumber(ms / 1000, {
    style: "unit",
    unit: "second",
    unitDisplay: "narrow",
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
}

/** The way of a deployment from the request to live, with the time that each stage took or takes. */
export function StageGraph({
  deployment,
  compact = false,
}: {
  readonly deployment: Deployment;
  readonly compact?: boolean;
}) {
  const say = useSay(words);
  const now = useNow(deployment.settledAt === null);
  const nodes = stageNodes(deployment, now);
  return (
    <Flex
      as="ol"
      aria-label={say("stages")}
      listStyleType="none"
      wrap={compact ? "nowrap" : { base: "wrap", md: "nowrap" }}
      rowGap="2"
      columnGap="0"
      align="start"
      data-figures
    >
      {nodes.map((node, index) => (
        <Node key={node.stage} node={node} isLast={index === nodes.length - 1} compact={compact} />
      ))}
    </Flex>
  );
}

interface NodeProps {
  readonly node: StageNode;
  readonly isLast: boolean;
  readonly compact: boolean;
}

function Node({ node: { stage, status, ms }, isLast, compact }: NodeProps) {
  const say = useSay(words);
  const { icon: Icon, tone, filled, moves } = looks[status];
  const isQuiet = quiet.has(status);
  const isOver = status === "done" && stage !== "live";
  return (
    <Flex
      as="li"
      direction="column"
      flex={isLast ? "0 0 auto" : compact ? "1 1 0" : { base: "1 1 96px", md: "1 1 0" }}
      position="relative"
      title={compact ? say(`stage.${stage}`) : undefined}
      minW="0"
      colorPalette={tone}
      data-stage={stage}
      data-status={status}
    >
      <Flex align="center">
        <Flex
          align="center"
          justify="center"
          boxSize={compact ? "18px" : "22px"}
          borderRadius="full"
          flexShrink={0}
          borderWidth="1.5px"
          borderStyle={isQuiet ? "dashed" : "solid"}
          borderColor={isQuiet ? "border.emphasized" : filled === true ? "colorPalette.solid" : "colorPalette.border"}
          bg={filled === true ? "colorPalette.solid" : isQuiet ? "transparent" : "colorPalette.subtle"}
          color={filled === true ? "colorPalette.contrast" : isQuiet ? "fg.subtle" : "colorPalette.fg"}
          aria-hidden
        >
          <Spin moves={moves === true}>
            <Icon size={compact ? 10 : 12} strokeWidth={3} />
          </Spin>
        </Flex>
        {!isLast && (
          <Box
            flex="1"
            height="1.5px"
            mx="1.5"
            bg={isOver || status === "reused" ? "green.solid" : "border.emphasized"}
            opacity={isOver || status === "reused" ? 0.55 : 1}
            aria-hidden
          />
        )}
      </Flex>
      <Text
        srOnly={compact}
        mt="1"
        fontSize="sm"
        lineHeight="18px"
        fontWeight={isQuiet ? "normal" : "medium"}
        color={isQuiet ? "fg.muted" : "fg"}
        pe="2"
        truncate
      >
        {say(`stage.${stage}`)}
      </Text>
      <Text
        srOnly={compact}
        fontSize="xs"
        lineHeight="16px"
        color={isQuiet || isOver ? "fg.muted" : "colorPalette.fg"}
        pe="2"
        truncate
      >
        {ms === undefined
          ? say(`node.${status}`)
          : isOver
            ? stageTime(ms)
            : `${say(`node.${status}`)} · ${stageTime(ms)}`}
      </Text>
    </Flex>
  );
}
