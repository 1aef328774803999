export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How much of a window's top edge has to be on a display for a person to get hold of it, in pixels. */
const reachable = { width: 120, height: 40 } as const;

/** Where a window goes: where it was while that is on a display, else in the middle of the first display; never larger than its display. */
export function place(
  wanted: Partial<Rectangle>,
  size: { width: number; height: number },
  displays: readonly Rectangle[],
): Rectangle {
  const width = wanted.width ?? size.width;
  const height = wanted.height ?? size.height;
  const { x, y } = wanted;
  const home =
    x === undefined || y === undefined
      ? undefined
      : displays.find((display) => isReachable({ x, y, width: Math.min(width, display.width) }, display));
  const display = home ?? displays[0] ?? { x: 0, y: 0, width, height };
  const fits = { width: Math.min(width, display.width), height: Math.min(height, display.height) };
  if (home !== undefined && x !== undefined && y !== undefined) return { x, y, ...fits };
  return {
    x: Math.round(display.x + (display.width - fits.width) / 2),
    y: Math.round(display.y + (display.height - fits.height) / 2),
    ...fits,
  };
}

function isReachable({ x, y, width }: { x: number; y: number; width: number }, display: Rectangle): boolean {
  const shown = Math.min(x + width, display.x + display.width) - Math.max(x, display.x);
  const top = y >= display.y && y + reachable.height <= display.y + display.height;
  return top && shown >= Math.min(reachable.width, width);
}

/** The n-th small window is put a little below and to the right of the one before it. */
export function cascade(first: Rectangle, index: number): Rectangle {
  const step = 28 * (index % 10);
  return { ...first, x: first.x + step, y: first.y + step };
}
