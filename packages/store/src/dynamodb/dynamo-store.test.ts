import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { sharedServer, sharedServerTimeoutMs } from "@cloudsmith/testkit";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll } from "vitest";
import { storeConformance } from "../conformance.ts";
import { createTable, openDynamoStore } from "./dynamo-store.ts";

let client: DynamoDBClient;

beforeAll(async () => {
  client = new DynamoDBClient({
    endpoint: await sharedServer("dynamodb"),
    region: "local",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
}, sharedServerTimeoutMs);
afterAll(() => client.destroy());

storeConformance("DynamoDB", async () => {
  const table = `store-${randomUUID()}`;
  await createTable(client, table);
  return {
    open: async () => openDynamoStore({ client, table }),
    // The server's data are in memory and go with it.
    [Symbol.asyncDispose]: async () => undefined,
  };
});
