import type { BlobStore } from "@cloudsmith/blobs";
import { newId, type Release } from "@cloudsmith/contracts";
import { tempDir } from "@cloudsmith/testkit";
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { ReleaseFolders } from "./release-folders.ts";

const digest = `sha256:${"a".repeat(64)}`;
const folderName = digest.replace(":", "-");
const release = { id: newId("release"), artifact: digest };

function made(path: string): string {
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "file"), "half");
  return path;
}

test("what a killed process was making goes at once, though its artifact is used; the whole ones stay", async () => {
  await using dir = await tempDir();
  const root = dir.file("apps");
  // Sweeping reads no blob.
  const blobs = {} as unknown as BlobStore;
  const folders = new ReleaseFolders({ root, blobs, cacheDir: dir.file("cache") });
  made(join(root, "artifacts", folderName));
  made(join(root, "artifacts", `${folderName}.new-rel_1`));
  made(join(root, "spares", folderName));
  made(join(root, "spares", `${folderName}.new-5e5a`));
  made(join(root, "releases", release.id));
  await folders.keepOnly([release]);
  expect(readdirSync(join(root, "artifacts"))).toEqual([folderName]);
  expect(readdirSync(join(root, "spares"))).toEqual([folderName]);
  expect(readdirSync(join(root, "releases"))).toEqual([release.id]);
});

test("what is being made at this moment is left alone", async () => {
  await using dir = await tempDir();
  const root = dir.file("apps");
  const opened = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<never>();
  const blobs = {
    open() {
      opened.resolve();
      return goOn.promise;
    },
    // The only thing that preparing a release asks of the store of blobs.
  } as unknown as BlobStore;
  const folders = new ReleaseFolders({ root, blobs, cacheDir: dir.file("cache") });
  const preparing = folders.prepare(
    { ...release, teamId: "team_local" } as unknown as Release,
    new AbortController().signal,
  );
  await opened.promise;
  const fresh = made(join(root, "artifacts", `${folderName}.new-${release.id}`));
  utimesSync(fresh, 1, 1);
  await folders.keepOnly([]);
  expect(readdirSync(dirname(fresh))).toEqual([`${folderName}.new-${release.id}`]);
  goOn.reject(new Error("the disk went away"));
  await expect(preparing).rejects.toThrow("the disk went away");
  expect(readdirSync(dirname(fresh))).toEqual([]);
});
