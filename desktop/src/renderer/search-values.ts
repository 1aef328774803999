/** What the address of a page says after its `?`, as the router read it. */
export type Search = Readonly<Record<string, unknown>>;

/** A text; the router reads digits as a number, and `true` as a boolean. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
}

export function flag(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

export function oneOf<Value>(values: readonly Value[], value: unknown): Value | undefined {
  return values.find((each) => each === value);
}
