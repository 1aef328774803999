import { ErrorBody, errorFacts, type ErrorCode, errorCodes } from "../errors.ts";

type ErrorBodies = {
  readonly [C in ErrorCode]: { readonly status: number; readonly data: typeof ErrorBody };
};

/** The typed errors of every procedure: each code with its HTTP status and the body that people and programs get. */
// Object.fromEntries forgets the keys; they are exactly the codes.
export const errorBodies = Object.fromEntries(
  errorCodes.map((code) => [code, { status: errorFacts(code).status, data: ErrorBody }]),
) as ErrorBodies;
