import { Checkbox, Flex, NativeSelect } from "@chakra-ui/react";
import { memo } from "react";
import { newProject as words } from "../../words/new-project.ts";
import { useSay } from "../../words/say.ts";
import type { NewSearch } from "./new-search.ts";
import { orders, visibilities } from "./repository-choices.ts";
import type { Facet } from "./repository-list.ts";

export interface RepositoryFiltersProps {
  readonly search: NewSearch;
  readonly owners: readonly Facet[];
  readonly languages: readonly Facet[];
  readonly onChange: (change: NewSearch) => void;
}

/** Which repositories are shown, and in which order. */
export const RepositoryFilters = memo(function RepositoryFilters({
  search,
  owners,
  languages,
  onChange,
}: RepositoryFiltersProps) {
  const say = useSay(words);
  return (
    <Flex gap="2" wrap="wrap" align="center" mb="2">
      <Choice
        label={say("filter.owner")}
        all={say("filter.ownerAll")}
        value={search.owner}
        facets={owners}
        onChange={(owner) => onChange({ owner })}
      />
      <Choice
        label={say("filter.language")}
        all={say("filter.languageAll")}
        value={search.language}
        facets={languages}
        onChange={(language) => onChange({ language })}
      />
      <NativeSelect.Root size="xs" width="auto">
        <NativeSelect.Field
          aria-label={say("filter.visibility")}
          value={search.visibility ?? "all"}
          onChange={(event) => {
            const found = visibilities.find((each) => each === event.target.value);
            onChange({ visibility: found === "all" ? undefined : found });
          }}
        >
          {visibilities.map((each) => (
            <option key={each} value={each}>
              {say(`filter.visibility.${each}`)}
            </option>
          ))}
        </NativeSelect.Field>
        <NativeSelect.Indicator />
      </NativeSelect.Root>
      <NativeSelect.Root size="xs" width="auto">
        <NativeSelect.Field
          aria-label={say("filter.order")}
          value={search.order ?? "pushed"}
          onChange={(event) => {
            const found = orders.find((each) => each === event.target.value);
            onChange({ order: found === "pushed" ? undefined : found });
          }}
        >
          {orders.map((each) => (
            <option key={each} value={each}>
              {say(`filter.order.${each}`)}
            </option>
          ))}
        </NativeSelect.Field>
        <NativeSelect.Indicator />
      </NativeSelect.Root>
      <Checkbox.Root
        size="sm"
        checked={search.archived === true}
        onCheckedChange={({ checked }) => onChange({ archived: checked === true ? true : undefined })}
      >
        <Checkbox.HiddenInput />
        <Checkbox.Control />
        <Checkbox.Label>{say("filter.archived")}</Checkbox.Label>
      </Checkbox.Root>
    </Flex>
  );
});

function Choice({
  label,
  all,
  value = "",
  facets,
  onChange,
}: {
  readonly label: string;
  readonly all: string;
  readonly value: string | undefined;
  readonly facets: readonly Facet[];
  readonly onChange: (value: string | undefined) => void;
}) {
  const say = useSay(words);
  const known = value === "" || facets.some((facet) => facet.value === value);
  return (
    <NativeSelect.Root size="xs" width="auto" maxW="220px">
      <NativeSelect.Field
        aria-label={label}
        value={value}
        onChange={(event) => onChange(event.target.value === "" ? undefined : event.target.value)}
      >
        <option value="">{all}</option>
        {!known && <option value={value}>{value}</option>}
        {facets.map((facet) => (
          <option key={facet.value} value={facet.value}>
            {say("filter.count", { value: facet.value, count: facet.count })}
          </option>
        ))}
      </NativeSelect.Field>
      <NativeSelect.Indicator />
    </NativeSelect.Root>
  );
}
