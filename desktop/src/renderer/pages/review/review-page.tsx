import { Button } from "@chakra-ui/react";
import { useSearch } from "@tanstack/react-router";
import { PackageSearch } from "lucide-react";
import { AppLink } from "../../parts/app-link.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { Page } from "../../parts/page.tsx";
import { sourceOf } from "../../source/source-search.ts";
import { sourcePlace } from "../../source/source-text.ts";
import { review as words } from "../../words/review.ts";
import { useSay } from "../../words/say.ts";
import { ReviewForm } from "./review-form.tsx";

/** What would be deployed, why, and with what: the last look before the one button. */
export function ReviewPage() {
  const say = useSay(words);
  const search = useSearch({ from: "/new/review" });
  const source = sourceOf(search);
  return (
    <Page
      title={say("title")}
      crumbs={
        <AppLink to="/new" search={{}}>
          {say("crumb.new")}
        </AppLink>
      }
    >
      {source === undefined ? (
        <EmptyState icon={PackageSearch} title={say("bad.title")} text={say("bad.text")}>
          <Button asChild size="sm" variant="outline">
            <AppLink to="/new" search={{}}>
              {say("bad.action")}
            </AppLink>
          </Button>
        </EmptyState>
      ) : (
        // Another source is another form: what was edited for one says nothing of the other.
        <ReviewForm
          key={sourcePlace(source)}
          source={source}
          environment={search.environment ?? "production"}
          account={search.account}
        />
      )}
    </Page>
  );
}
