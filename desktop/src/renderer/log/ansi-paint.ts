import { createColorPalette } from "ansi-sequence-parser";
import type { AnsiColor, AnsiStyle } from "./ansi-spans.ts";

export type Theme = "light" | "dark";
type Rgb = readonly [number, number, number];

/** What a log is written on, and in what; `bg.subtle` and `fg` of the theme. */
export const paper: Readonly<Record<Theme, string>> = { light: "#fafafa", dark: "#08090a" };
const ink: Readonly<Record<Theme, string>> = { light: "#17181c", dark: "#f4f4f6" };

const palettes = {
  light: createColorPalette({
    black: "#1f2328",
    red: "#b42318",
    green: "#146c2e",
    yellow: "#805600",
    blue: "#0b57c9",
    magenta: "#8a2fb0",
    cyan: "#0e6a75",
    white: "#59636e",
    brightBlack: "#636c76",
    brightRed: "#c62828",
    brightGreen: "#1a7f37",
    brightYellow: "#8a5d00",
    brightBlue: "#1f6feb",
    brightMagenta: "#a040c4",
    brightCyan: "#117a86",
    brightWhite: "#424a53",
  }),
  dark: createColorPalette({
    black: "#8b949e",
    red: "#ff7b72",
    green: "#56d364",
    yellow: "#e3b341",
    blue: "#79c0ff",
    magenta: "#d2a8ff",
    cyan: "#56d4dd",
    white: "#c9d1d9",
    brightBlack: "#8b949e",
    brightRed: "#ffa198",
    brightGreen: "#7ee787",
    brightYellow: "#f2cc60",
    brightBlue: "#a5d6ff",
    brightMagenta: "#e2c5ff",
    brightCyan: "#88e0e8",
    brightWhite: "#ffffff",
  }),
} as const;

/** WCAG 2.2, 1.4.3: text on what is behind it. */
export const leastContrast = 4.5;

export interface Paint {
  readonly color?: string;
  readonly background?: string;
}

/** The colours of a span in a theme: those of the program, moved no more than it takes to be readable. */
export function paintOf(style: AnsiStyle, theme: Theme): Paint {
  const text = named(style.foreground, theme);
  const back = named(style.background, theme);
  const [color, background] = style.reverse === true ? [back ?? paper[theme], text ?? ink[theme]] : [text, back];
  const behind = background ?? paper[theme];
  const wanted = color ?? (background === undefined ? undefined : ink[theme]);
  const dimmed = style.dim === true ? mix(wanted ?? ink[theme], behind, 0.3) : wanted;
  return {
    ...(dimmed !== undefined && { color: readable(dimmed, behind) }),
    ...(background !== undefined && { background }),
  };
}

function named(color: AnsiColor | undefined, theme: Theme): string | undefined {
  return color === undefined ? undefined : palettes[theme].value(color);
}

/** The colour, mixed with black or white until it stands out from what is behind it. */
function readable(color: string, behind: string): string {
  if (contrast(color, behind) >= leastContrast) return color;
  const pole = contrast("#ffffff", behind) > contrast("#000000", behind) ? "#ffffff" : "#000000";
  for (let share = 0.1; share < 1; share += 0.1) {
    const mixed = mix(color, pole, share);
    if (contrast(mixed, behind) >= leastContrast) return mixed;
  }
  return pole;
}

function mix(a: string, b: string, share: number): string {
  const [from, to] = [rgbOf(a), rgbOf(b)];
  const parts = from.map((value, index) => Math.round(value * (1 - share) + (to[index] ?? 0) * share));
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrast(a: string, b: string): number {
  const [one, other] = [luminance(rgbOf(a)), luminance(rgbOf(b))];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

function luminance(rgb: Rgb): number {
  const [red = 0, green = 0, blue = 0] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function rgbOf(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16) || 0;
  return [value >> 16, (value >> 8) & 255, value & 255];
}
