import { CloudSmithError, toCloudSmithError } from "@cloudsmith/contracts";

const known: Record<
  string,
  { code: "rate-limited" | "component-missing" | "forbidden"; message: string; fix: string }
> = {
  ProvisionedThroughputExceededException: {
    code: "rate-limited",
    message: "DynamoDB is limiting requests",
    fix: "Try again in a moment; if it lasts, raise the table's capacity",
  },
  ThrottlingException: {
    code: "rate-limited",
    message: "DynamoDB is limiting requests",
    fix: "Try again in a moment; if it lasts, raise the account's quota",
  },
  RequestLimitExceeded: {
    code: "rate-limited",
    message: "DynamoDB is limiting requests",
    fix: "Try again in a moment; if it lasts, raise the account's quota",
  },
  ResourceNotFoundException: {
    code: "component-missing",
    message: "The DynamoDB table is not there",
    fix: "Check its name and region, and that the footprint was provisioned",
  },
  AccessDeniedException: {
    code: "forbidden",
    message: "AWS refused access to the DynamoDB table",
    fix: "Check the role's permissions on the table and its indexes",
  },
};

/** What an error of the SDK means; throttling arrives here after the SDK's own retries. */
export function describeDynamoError(error: unknown): CloudSmithError {
  const found = error instanceof Error && Object.hasOwn(known, error.name) ? known[error.name] : undefined;
  if (found === undefined) return toCloudSmithError(error);
  const why = error instanceof Error ? error.message : undefined;
  return new CloudSmithError(found.code, found.message, { why, fix: found.fix, cause: error });
}
