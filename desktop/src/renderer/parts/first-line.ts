/** What a commit's message says in short. */
export function firstLine(message: string): string {
  return message.split("\n", 1)[0] ?? "";
}
