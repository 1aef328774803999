import { Button, IconButton } from "@chakra-ui/react";
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { common } from "../words/common.ts";
import { useSay } from "../words/say.ts";

/** Copies a text; says so for two seconds. With `label` it is a button with words. */
export function CopyButton({
  text,
  label,
  name,
  size = "xs",
}: {
  readonly text: string | (() => string);
  readonly label?: string;
  readonly name?: string;
  /** Of the button with words. */
  readonly size?: "xs" | "sm";
}) {
  const say = useSay(common);
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(typeof text === "string" ? text : text());
    setCopied(true);
  };
  const icon = copied ? <Check size={14} /> : <Copy size={14} />;
  if (label === undefined)
    return (
      <IconButton
        aria-label={copied ? say("copied") : (name ?? say("copy"))}
        title={name ?? say("copy")}
        size="2xs"
        variant="ghost"
        onClick={() => void copy()}
      >
        {icon}
      </IconButton>
    );
  return (
    <Button size={size} variant="outline" onClick={() => void copy()}>
      {icon}
      {copied ? say("copied") : label}
    </Button>
  );
}
