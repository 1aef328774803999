import type { Bench, Row } from "./measure.ts";

const heading = `# Benchmarks

Made by \`npm run bench -- --write\` on a shared, noisy machine; what is measured is the bundle that is published. A run of some benchmarks by name leaves the others as they are.
`;

/** One benchmark as it stands in docs/benchmarks.md. */
export function section(bench: Pick<Bench, "name" | "how">, rows: readonly Row[], when: string): string {
  const lines = rows.map((row) => `| ${row.what} | ${row.figure} | ${row.goal} | ${row.met ? "met" : "**missed**"} |`);
  return `## ${bench.name}\n\n${bench.how}. Measured ${when}.\n\n| what | figure | goal | |\n| --- | --- | --- | --- |\n${lines.join("\n")}\n`;
}

/** The page with new sections in the place of those of the same name; the others stay, and new ones come in this order of names. */
export function document(before: string, made: ReadonlyMap<string, string>, order: readonly string[]): string {
  const kept = before
    .split(/^(?=## )/m)
    .filter((part) => part.startsWith("## "))
    .map((part) => [part.slice(3, part.indexOf("\n")).trim(), part.trimEnd() + "\n"] as const);
  const all = new Map([...kept, ...made]);
  const rank = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  const sections = [...all].toSorted(([a], [b]) => rank(a) - rank(b)).map(([, text]) => text);
  return [heading, ...sections].join("\n");
}
