/** Lines that a person chose: of one log, both ends included, `from` at most `to`. */
export interface ChosenLines {
  readonly section: string;
  /** Positions, from 0. */
  readonly from: number;
  readonly to: number;
}

const link = /^#?(?:([a-z0-9_-]+)-)?L([1-9]\d{0,11})(?:-L([1-9]\d{0,11}))?$/;

/** `#build-L12-L20`, counted from 1 as people count lines. */
export function lineLink({ section, from, to }: ChosenLines): string {
  return `${section}-L${from + 1}${to > from ? `-L${to + 1}` : ""}`;
}

/** The lines that the end of an address names; `#L12` alone means the section given. */
export function parseLineLink(hash: string, section: string): ChosenLines | undefined {
  const match = link.exec(hash);
  if (match === null) return undefined;
  const [first, last] = [Number(match[2]) - 1, Number(match[3] ?? match[2]) - 1];
  return { section: match[1] ?? section, from: Math.min(first, last), to: Math.max(first, last) };
}

/** The lines after a click on a number: that one, or with shift all from where the choice began. */
export function chosenBy(
  before: ChosenLines | undefined,
  clicked: { section: string; position: number; extend: boolean },
): ChosenLines {
  const { section, position, extend } = clicked;
  if (!extend || before?.section !== section) return { section, from: position, to: position };
  return position < before.from
    ? { section, from: position, to: before.to }
    : { section, from: before.from, to: position };
}

export function isChosen(chosen: ChosenLines | undefined, section: string, position: number): boolean {
  return chosen?.section === section && position >= chosen.from && position <= chosen.to;
}
