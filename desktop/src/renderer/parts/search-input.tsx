import { Input, type InputProps } from "@chakra-ui/react";
import { useEffect, useRef, type Ref } from "react";

export interface SearchInputProps {
  readonly label: string;
  /** What the address says; it counts while nobody types. */
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly ref?: Ref<HTMLInputElement>;
  readonly style?: InputProps;
}

/** A field that narrows a list as one types; Escape empties it. */
export function SearchInput({ label, value, onChange, ref, style }: SearchInputProps) {
  const own = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const input = own.current;
    if (input !== null && input !== document.activeElement) input.value = value;
  }, [value]);
  return (
    <Input
      ref={(input) => {
        own.current = input;
        if (typeof ref === "function") ref(input);
        else if (ref != null) ref.current = input;
      }}
      size="sm"
      type="search"
      aria-label={label}
      placeholder={label}
      defaultValue={value}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        event.currentTarget.value = "";
        onChange("");
        event.currentTarget.blur();
      }}
      {...style}
    />
  );
}
