export { startDynamoDb, type DynamoDb } from "./dynamodb.ts";
export { freePort, freePorts } from "./free-port.ts";
export { walk } from "./github/browser.ts";
export { GitHubDouble } from "./github/github-double.ts";
export { startGuarded, type GuardedProcess } from "./guard.ts";
export { startKafka, type KafkaBroker } from "./kafka.ts";
export { sharedServer, sharedServerTimeoutMs } from "./shared-server.ts";
export { tempDir, type TempDir } from "./temp-dir.ts";
export { waitFor } from "./wait-for.ts";
