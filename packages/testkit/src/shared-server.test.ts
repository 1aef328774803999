import { expect, test } from "vitest";
import { sharedServer, sharedServerTimeoutMs } from "./shared-server.ts";

test("servers are started once and shared", { timeout: sharedServerTimeoutMs }, async () => {
  const [first, second] = await Promise.all([sharedServer("kafka"), sharedServer("kafka")]);
  expect(first).toMatch(/^127\.0\.0\.1:\d+$/);
  expect(second).toBe(first);
  const endpoint = await sharedServer("dynamodb");
  expect(await sharedServer("dynamodb")).toBe(endpoint);
  // DynamoDB answers an unsigned request with a refusal of its own.
  const answer = await fetch(endpoint, { method: "POST", headers: { "x-amz-target": "DynamoDB_20120810.ListTables" } });
  expect(await answer.text()).toMatch(/amazon/);
});
