import { Button, Flex, Text } from "@chakra-ui/react";

export interface FilterOption<V extends string> {
  readonly value: V;
  readonly label: string;
  readonly count?: number;
}

/** One choice of a few, as buttons in a row. */
export function FilterGroup<V extends string>({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: V;
  readonly options: readonly FilterOption<V>[];
  readonly onChange: (value: V) => void;
}) {
  return (
    <Flex role="group" aria-label={label} gap="1" wrap="wrap">
      {options.map((option) => (
        <Button
          key={option.value}
          size="xs"
          variant="ghost"
          bg={option.value === value ? "bg.emphasized" : "transparent"}
          px="2"
          height="28px"
          fontSize="sm"
          color={option.value === value ? "fg" : "fg.muted"}
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
        >
          {option.label}
          {option.count !== undefined && (
            <Text as="span" color="fg.muted" fontWeight="normal">
              {option.count}
            </Text>
          )}
        </Button>
      ))}
    </Flex>
  );
}
