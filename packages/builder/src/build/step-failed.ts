import type { Failure } from "@cloudsmith/contracts";

/** A step that ended badly, with what is needed to say why. */
export class StepFailed extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}
