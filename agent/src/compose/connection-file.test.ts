import { tempDir } from "@cloudsmith/testkit";
import { expect, test } from "vitest";
import { readConnection, removeConnection, writeConnection } from "./connection-file.ts";

test("an agent that ends late leaves the connection of a newer one alone", async () => {
  await using dir = await tempDir();
  const file = dir.file("agent.json");
  const newer = { url: "http://127.0.0.1:7420", pid: 4712, token: "t".repeat(43), version: "0.1.0", apiVersion: 1 };
  await writeConnection(file, newer);
  await removeConnection(file, 4711);
  expect(await readConnection(file)).toEqual(newer);
  await removeConnection(file, 4712);
  expect(await readConnection(file)).toBeUndefined();
});
