import { expect, test } from "vitest";
import { looksSecret } from "./looks-secret.ts";

test.each([
  ["STRIPE_SECRET_KEY", "sk_live_1", true],
  ["SESSION_SECRET", "x", true],
  ["DATABASE_URL", "postgres://localhost/app", true],
  ["QUEUE", "amqp://user:pass@host/x", true],
  ["OPENAI_API_KEY", "sk-1", true],
  ["NEXT_PUBLIC_API_KEY", "pk", false],
  ["VITE_TOKEN", "x", false],
  ["GREETING", "hello", false],
  ["SITE", "https://example.org/a:b@c", false],
  ["API_TOKEN", "", false],
])("%s=%s is kept as a secret: %s", (name, value, expected) => {
  expect(looksSecret(name, value)).toBe(expected);
});
