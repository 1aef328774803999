import {
  CreateTableCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
  type CreateTableCommandInput,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";

/** The table's definition: one table, two indexes, paid by request. Shared by tests and by whatever provisions it. */
export function tableDefinition(table: string): CreateTableCommandInput {
  const text = (name: string) => ({ AttributeName: name, AttributeType: "S" as const });
  const keys = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: "HASH" as const },
    { AttributeName: range, KeyType: "RANGE" as const },
  ];
  const index = (name: string, hash: string, range: string) => ({
    IndexName: name,
    KeySchema: keys(hash, range),
    Projection: { ProjectionType: "ALL" as const },
  });
  return {
    TableName: table,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: ["pk", "sk", "parentPk", "parentSk", "duePk", "dueSk"].map(text),
    KeySchema: keys("pk", "sk"),
    GlobalSecondaryIndexes: [index("byParent", "parentPk", "parentSk"), index("due", "duePk", "dueSk")],
  };
}

/** Creates the table and waits until it is there, at most a minute. Items whose `expiresAt` (seconds since 1970) has passed are dropped by DynamoDB. */
export async function createTable(client: DynamoDBClient, table: string): Promise<void> {
  await client.send(new CreateTableCommand(tableDefinition(table)));
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 3 }, { TableName: table });
  await client.send(
    new UpdateTimeToLiveCommand({
      TableName: table,
      TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
    }),
  );
}
