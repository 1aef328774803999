/** What is missing, why it is needed, and what a person can do. */
export class SetupError extends Error {
  constructor(message, why, fix) {
    super(message);
    this.why = why;
    this.fix = fix;
  }
}
