import type { Detector } from "./detector.ts";
import { detectDockerfile } from "./dockerfile.ts";
import { detectGo } from "./go.ts";
import { detectJava } from "./java.ts";
import { detectNode } from "./node.ts";
import { detectPhp } from "./php.ts";
import { detectPython } from "./python.ts";
import { detectRuby } from "./ruby.ts";
import { detectRust } from "./rust.ts";
import { detectStatic } from "./static.ts";

/** All kinds of apps that CloudSmith recognises. To add one: a file beside this one and a line here. */
export const detectors: readonly Detector[] = [
  detectNode,
  detectPython,
  detectGo,
  detectRust,
  detectJava,
  detectRuby,
  detectPhp,
  detectStatic,
  detectDockerfile,
];
