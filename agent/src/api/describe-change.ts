import { ProjectId } from "@cloudsmith/contracts";

/** What an action was about, for the activity page. Only names and ids are taken: inputs and outputs may hold values of variables and secrets. */
export function describeChange({ input, output }: { input: unknown; output: unknown }): {
  projectId: string | null;
  subject: string;
  detail: string;
} {
  const subject = ["project", "environment", "deployment", "account", "id", "stream"]
    .map((key) => textAt(input, key))
    .filter((part) => part !== undefined);
  return {
    projectId: projectIdOf(input, output),
    subject: subject.length > 0 ? subject.join(" ") : (textAt(output, "project", "project", "name") ?? ""),
    detail: detailOf(input),
  };
}

/** Wherever an answer or a request names its project by id. */
const projectPlaces: readonly (readonly string[])[] = [
  ["projectId"],
  ["environment", "projectId"],
  ["project", "id"],
  ["project", "project", "id"],
];

function projectIdOf(input: unknown, output: unknown): string | null {
  const found = [...projectPlaces.map((place) => textAt(output, ...place)), textAt(input, "project")];
  return found.find((each) => ProjectId.safeParse(each).success) ?? null;
}

/** Names that were set and unset, and the words that a person chose; never a value. */
function detailOf(input: unknown): string {
  const name = textAt(input, "name");
  const to = textAt(input, "to");
  const unset = at(input, "unset");
  return [
    ...(name === undefined ? [] : [`name ${name}`]),
    ...(to === undefined ? [] : [`to ${to}`]),
    ...[at(input, "set"), at(input, "secrets")].flatMap(namesOf).map((each) => `set ${each}`),
    ...(Array.isArray(unset) ? unset.map((each) => `unset ${String(each)}`) : []),
    ...namesOf(at(input, "settings")).map((each) => `setting ${each}`),
  ].join(", ");
}

function namesOf(record: unknown): string[] {
  return typeof record === "object" && record !== null ? Object.keys(record) : [];
}

function textAt(value: unknown, ...path: string[]): string | undefined {
  const found = path.reduce(at, value);
  return typeof found === "string" ? found : undefined;
}

function at(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined;
}
