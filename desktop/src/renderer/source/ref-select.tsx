import { Field, Input, NativeSelect } from "@chakra-ui/react";
import type { SourceRef } from "@cloudsmith/contracts";
import { skipToken, useQuery } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { errorBodyOf } from "../api/errors.ts";
import { useSay } from "../words/say.ts";
import { source as words } from "../words/source.ts";

type Repository = Exclude<SourceRef, { type: "folder" }>;

export interface RefSelectProps {
  readonly source: Repository;
  readonly onChange: (ref: string | null) => void;
  /** The account that a repository of GitHub is read with. */
  readonly account?: string | undefined;
  /** The project whose credentials read the repository. */
  readonly project?: string | undefined;
}

interface Refs {
  readonly defaultBranch: string | null;
  readonly branches: readonly string[];
  readonly tags: readonly string[];
  readonly truncated: boolean;
}

const none: Refs = { defaultBranch: null, branches: [], tags: [], truncated: false };

/** The branch or tag of a repository. One that is not in the list (a commit) stays choosable. */
export function RefSelect(props: RefSelectProps) {
  const { source, account } = props;
  const say = useSay(words);
  const refs = useRefs(props);
  if (source.type === "github" && account === undefined) return <TypedRef {...props} />;
  const { defaultBranch, branches, tags, truncated } = refs.data ?? none;
  const { ref } = source;
  const known = ref === null || branches.includes(ref) || tags.includes(ref);
  return (
    <Field.Root>
      <Field.Label>{say("ref.label")}</Field.Label>
      <NativeSelect.Root size="sm" disabled={refs.isPending && ref === null}>
        <NativeSelect.Field
          value={ref ?? ""}
          onChange={(event) => props.onChange(event.target.value === "" ? null : event.target.value)}
        >
          <option value="">
            {defaultBranch === null ? say("ref.defaultUnknown") : say("ref.default", { name: defaultBranch })}
          </option>
          {!known && <option value={ref}>{ref}</option>}
          <optgroup label={say("ref.branches")}>
            {branches.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </optgroup>
          {tags.length > 0 && (
            <optgroup label={say("ref.tags")}>
              {tags.toReversed().map((name) => (
                <option key={name}>{name}</option>
              ))}
            </optgroup>
          )}
        </NativeSelect.Field>
        <NativeSelect.Indicator />
      </NativeSelect.Root>
      {refs.isError && (
        <Field.HelperText>{say("ref.failed", { why: errorBodyOf(refs.error).message })}</Field.HelperText>
      )}
      {truncated && <Field.HelperText>{say("ref.truncated")}</Field.HelperText>}
    </Field.Root>
  );
}

/** Asked of Git itself, or of GitHub where an account reads the repository. */
function useRefs({ source, account, project }: RefSelectProps) {
  const options = { staleTime: 60_000, retry: false } as const;
  const ofGit = useQuery(
    api.sources.refs.queryOptions({
      input: source.type === "git" ? { url: source.url, ...(project !== undefined && { project }) } : skipToken,
      select: (refs): Refs => refs,
      ...options,
    }),
  );
  const ofGithub = useQuery(
    api.repositories.branches.queryOptions({
      input: source.type === "github" && account !== undefined ? { account, repository: source.repository } : skipToken,
      select: ({ items, cursor }): Refs => ({
        defaultBranch: items.find((branch) => branch.default)?.name ?? null,
        branches: items.map(({ name }) => name),
        tags: [],
        truncated: cursor !== null,
      }),
      ...options,
    }),
  );
  return source.type === "git" ? ofGit : ofGithub;
}

/** Nobody can be asked for the branches: the name is typed. */
function TypedRef({ source, onChange }: RefSelectProps) {
  const say = useSay(words);
  return (
    <Field.Root>
      <Field.Label>{say("ref.label")}</Field.Label>
      <Input
        key={source.ref}
        size="sm"
        autoComplete="off"
        spellCheck={false}
        placeholder={say("ref.defaultUnknown")}
        defaultValue={source.ref ?? ""}
        onBlur={(event) => {
          const typed = event.target.value.trim();
          if (typed !== (source.ref ?? "")) onChange(typed === "" ? null : typed);
        }}
      />
    </Field.Root>
  );
}
