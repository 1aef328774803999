import { Box, Button, Field, Flex, Input } from "@chakra-ui/react";
import { useMutation } from "@tanstack/react-query";
import { ArrowRight, Search } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { client } from "../../api/client.ts";
import { ErrorPanel } from "../../parts/error-panel.tsx";
import { looksLikeSource } from "../../source/source-text.ts";
import { newProject as words } from "../../words/new-project.ts";
import { useSay } from "../../words/say.ts";
import { RecentSources } from "./recent-sources.tsx";
import { useGoToReview } from "./use-go-to-review.ts";

/** One field for everything: it searches while a name is typed, and takes an address or a path as it is. */
export function PickField() {
  const say = useSay(words);
  const review = useGoToReview();
  const [text, setText] = useState("");
  const resolve = useMutation({
    mutationFn: (typed: string) => client.sources.resolve({ text: typed }),
    onSuccess: review,
  });
  const isSource = looksLikeSource(text);
  const searched = useDeferredValue(isSource ? "" : text);
  return (
    <Box>
      <Box
        as="form"
        mb="6"
        onSubmit={(event) => {
          event.preventDefault();
          if (isSource) resolve.mutate(text.trim());
        }}
      >
        <Field.Root>
          <Field.Label srOnly>{say("field.label")}</Field.Label>
          <Flex gap="2" width="full" position="relative" align="center">
            <Box position="absolute" insetStart="3" color="fg.subtle" pointerEvents="none" zIndex="1" aria-hidden>
              <Search size={16} />
            </Box>
            <Input
              ps="9"
              autoFocus
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              placeholder={say("field.placeholder")}
              value={text}
              onChange={(event) => {
                setText(event.target.value);
                resolve.reset();
              }}
            />
            {isSource && (
              <Button type="submit" colorPalette="accent" loading={resolve.isPending} aria-label={say("typed.label")}>
                {say("typed.use")}
                <ArrowRight size={15} />
              </Button>
            )}
          </Flex>
          <Field.HelperText>{say("field.hint")}</Field.HelperText>
        </Field.Root>
        {resolve.isError && (
          <Box mt="3">
            <ErrorPanel error={resolve.error} />
          </Box>
        )}
      </Box>
      {searched === "" && <RecentSources />}
    </Box>
  );
}
