import type { BuildPlan } from "@cloudsmith/contracts";

/** A small real app below fixtures/apps: what it is planned as, and what it answers once it was built and started. */
export interface AppFixture {
  readonly name: string;
  readonly kind: BuildPlan["kind"];
  readonly framework?: string;
  readonly path?: string;
  readonly answer: string | RegExp;
  /** Part of every test run; the others take long. */
  readonly common?: boolean;
}

export const appFixtures: readonly AppFixture[] = [
  { name: "node-http", kind: "node", path: "/x", answer: "hello true /x" },
  { name: "go-modules", kind: "go", answer: "go: vendored;greeting", common: true },
  { name: "rust-workspace", kind: "rust", answer: "rust: 42 a page", common: true },
  { name: "java-maven", kind: "java", answer: /^java \d+: INFO a page$/, common: true },
  { name: "java-gradle", kind: "java", answer: /^java \d+: INFO a page$/ },
  { name: "python-flask", kind: "python", framework: "flask", answer: "Hello from Flask, nobody", common: true },
  { name: "python-fastapi", kind: "python", framework: "fastapi", answer: '{"hello":"fastapi"}' },
  { name: "python-stdlib", kind: "python", answer: "hello from the standard library", common: true },
  { name: "ruby-bundler", kind: "ruby", answer: "hello from ruby" },
  { name: "php-plain", kind: "php", answer: "hello from php nobody" },
  { name: "php-composer", kind: "php", path: "/some/page", answer: "hello from composer /some/page" },
];
