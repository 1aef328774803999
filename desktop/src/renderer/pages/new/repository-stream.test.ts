import { expect, test, vi } from "vitest";
import type { ListedRepository } from "./repository-list.ts";
import { RepositoryStream, type ReadPage } from "./repository-stream.ts";

const named = (name: string): ListedRepository => ({
  owner: "ann",
  name,
  private: false,
  archived: false,
  language: null,
  description: null,
  pushedAt: null,
});

/** Answers with one repository a page, the cursor being how many were given. */
function pages(count: number, failAt?: number): ReadPage<ListedRepository, string> {
  let failed = false;
  return ({ cursor = "0" }) => {
    const at = Number(cursor);
    if (at === failAt && !failed) {
      failed = true;
      return Promise.reject(new Error("GitHub is away"));
    }
    const next = at + 1 < count ? String(at + 1) : null;
    return Promise.resolve({ items: [named(`r${at}`)], cursor: next, total: count, problems: [] });
  };
}

test("reads page after page to the end", async () => {
  const stream = new RepositoryStream(pages(3));
  const sizes: number[] = [];
  stream.listen(() => sizes.push(stream.streamed.list.size));
  await vi.waitFor(() => expect(stream.streamed.state).toBe("done"));
  expect(sizes).toEqual([1, 2, 3]);
  expect(stream.streamed.total).toBe(3);
});

test("a failure keeps what came; going on continues behind it, with nothing twice", async () => {
  const stream = new RepositoryStream(pages(3, 2));
  stream.listen(() => undefined);
  await vi.waitFor(() => expect(stream.streamed.state).toBe("failed"));
  expect(stream.streamed).toMatchObject({ error: new Error("GitHub is away") });
  expect(stream.streamed.list.size).toBe(2);
  stream.retry();
  await vi.waitFor(() => expect(stream.streamed.state).toBe("done"));
  expect(stream.streamed.list.size).toBe(3);
});

test("stops when nobody looks, and goes on for the next who does; asking anew begins at the beginning", async () => {
  const read = vi.fn(pages(2));
  const stream = new RepositoryStream(read);
  stream.listen(() => undefined)();
  expect(read.mock.calls[0]?.[1].aborted).toBe(true);
  stream.listen(() => undefined);
  await vi.waitFor(() => expect(stream.streamed.state).toBe("done"));
  expect(stream.streamed.list.size).toBe(2);
  stream.refresh();
  await vi.waitFor(() => expect(stream.streamed.state).toBe("done"));
  expect(stream.streamed.list.size).toBe(2);
  expect(read.mock.calls.at(-1)?.[0]).toEqual({ cursor: "1", fresh: true });
});
