import { AppLink } from "./app-link.tsx";
import type { ReactNode } from "react";

export interface DeploymentLinkProps {
  readonly id: string;
  /** The main link of a row: J and K move to it. */
  readonly primary?: boolean;
  readonly children: ReactNode;
}

/** A link to the page of a deployment. */
export function DeploymentLink({ id, primary = false, children, ...slot }: DeploymentLinkProps) {
  return (
    <AppLink
      {...slot}
      to="/deployments/$deployment"
      params={{ deployment: id }}
      fontWeight="medium"
      truncate
      {...(primary && { "data-primary": "" })}
    >
      {children}
    </AppLink>
  );
}
