import type { ComponentProps } from "react";
import { AppLink } from "./app-link.tsx";

/** A link to the page of a deployment. */
export function DeploymentLink({
  id,
  ...rest
}: { readonly id: string } & Omit<ComponentProps<typeof AppLink>, "to" | "id">) {
  const to: string = `/deployments/${id}`;
  return <AppLink {...rest} to={to} />;
}
