import { chakra, Flex } from "@chakra-ui/react";
import type { DeploymentState, ObservedReleaseState } from "@cloudsmith/contracts";
import {
  ArrowRightFromLine,
  Ban,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CircleX,
  LoaderCircle,
  Minus,
  Square,
  TriangleAlert,
  type LucideIcon,
} from "lucide-react";
import { common } from "../words/common.ts";
import { useSay } from "../words/say.ts";

export type Status = DeploymentState | ObservedReleaseState | "none";
export type Tone = "green" | "red" | "amber" | "blue" | "gray";

interface Look {
  readonly tone: Tone;
  readonly icon: LucideIcon;
  readonly moves?: true;
}

const working: Look = { tone: "blue", icon: LoaderCircle, moves: true };

/** How each state looks: colour, shape and word all differ, so that none of them is needed alone. */
export const statusLooks: Readonly<Record<Status, Look>> = {
  queued: { tone: "gray", icon: CircleDashed },
  preparing: working,
  building: working,
  packaging: working,
  releasing: working,
  verifying: working,
  live: { tone: "green", icon: CircleCheck },
  failed: { tone: "red", icon: CircleX },
  canceled: { tone: "gray", icon: Ban },
  superseded: { tone: "gray", icon: ArrowRightFromLine },
  healthy: { tone: "green", icon: CircleCheck },
  starting: working,
  crashing: { tone: "amber", icon: TriangleAlert },
  stopped: { tone: "gray", icon: Square },
  unknown: { tone: "gray", icon: CircleHelp },
  none: { tone: "gray", icon: Minus },
};

const Spin = chakra("span", {
  base: { display: "inline-flex", flexShrink: 0 },
  variants: { moves: { true: { animation: "spin 1.6s linear infinite", _motionReduce: { animation: "none" } } } },
});

/** A state as its shape, its colour and its word; `quiet` leaves the frame away, for rows of a list. */
export function StatusBadge({ status, quiet = false }: { readonly status: Status; readonly quiet?: boolean }) {
  const say = useSay(common);
  const { tone, icon: Icon, moves } = statusLooks[status];
  return (
    <Flex
      as="span"
      display="inline-flex"
      align="center"
      gap="1.5"
      colorPalette={tone}
      color={tone === "gray" ? "fg.muted" : "colorPalette.fg"}
      fontSize="sm"
      fontWeight="medium"
      lineHeight="20px"
      whiteSpace="nowrap"
      {...(!quiet && { bg: "colorPalette.subtle", px: "2", borderRadius: "full" })}
      data-status={status}
    >
      <Spin aria-hidden moves={moves === true}>
        <Icon size={14} strokeWidth={2.25} />
      </Spin>
      {say(`state.${status}`)}
    </Flex>
  );
}
