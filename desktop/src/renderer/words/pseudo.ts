import { parse, TYPE, type MessageFormatElement } from "@formatjs/icu-messageformat-parser";

const accents: Record<string, string> = Object.fromEntries(
  Array.from("aeiouyAEIOUYcnsCNS", (letter, index) => [letter, Array.from("áéíóúýÁÉÍÓÚÝçñšÇÑŠ")[index] ?? letter]),
);

/** A message as a far-away language would have it: accented, a third longer, in brackets; what it is filled with stays. */
export function pseudo(message: string): MessageFormatElement[] {
  const text = (value: string): MessageFormatElement => ({ type: TYPE.literal, value });
  return [text("["), ...parse(message, { ignoreTag: true }).map(accented), text(" ···]")];
}

function accented(element: MessageFormatElement): MessageFormatElement {
  if (element.type === TYPE.literal) return { ...element, value: stretch(element.value) };
  if (element.type !== TYPE.plural && element.type !== TYPE.select) return element;
  const options = Object.entries(element.options).map(([name, option]) => [
    name,
    { ...option, value: option.value.map(accented) },
  ]);
  return { ...element, options: Object.fromEntries(options) };
}

/** Every third word is said twice, which makes a text about a third longer. */
function stretch(text: string): string {
  const longer = text.replace(/((?:\S+\s+){2})(\S+)/g, "$1$2 $2");
  return Array.from(longer, (letter) => accents[letter] ?? letter).join("");
}
