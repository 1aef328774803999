import { waitFor } from "@cloudsmith/testkit";
import { expect, test } from "vitest";
import { TestKeeper } from "./keeper/testing/keeper-harness.ts";
import { KeeperLink } from "./keeper-link.ts";

test("who waits while a keeper cannot be started gets the one that can", async () => {
  await using real = await TestKeeper.start();
  const stop = new AbortController();
  const errors: unknown[] = [];
  let tries = 0;
  const link = new KeeperLink({
    connect: () => (++tries < 3 ? Promise.reject(new Error("it does not start")) : Promise.resolve(real.keeper)),
    signal: stop.signal,
    onError: (error) => errors.push(error),
  });
  const waiting = link.keeper();
  link.start(() => undefined);
  expect(await waiting).toBe(real.keeper);
  expect(errors).toHaveLength(2);
  await waitFor("a status", () => link.status);
  stop.abort();
  await link.stopped();
});

test("who waits for a keeper that never comes is told why once the link is closed", async () => {
  const stop = new AbortController();
  const failed = Promise.withResolvers<void>();
  const link = new KeeperLink({
    connect: () => Promise.reject(new Error("it does not start")),
    signal: stop.signal,
    onError: () => failed.resolve(),
  });
  link.start(() => undefined);
  const waiting = link.keeper();
  await failed.promise;
  stop.abort();
  await expect(waiting).rejects.toMatchObject({ code: "keeper-unreachable", why: "it does not start" });
  await link.stopped();
});
