import { expect, origin } from "../support/test.ts";
import { makeDemoWorld } from "./demo-world.ts";
import { firstPictures, pictures } from "./pictures.ts";
import { takePictures } from "./take-pictures.ts";
import { test } from "../support/with-github.ts";

// Takes a picture of every page in both themes and two sizes, to be looked at; PICTURES names a part of those that are wanted:
//   PICTURES=deployment npx playwright test -c desktop/pictures.config.ts pages
// They land in desktop/dist/pictures.

const part = process.env["PICTURES"] ?? "";
const wanted = ({ name }: { readonly name: string }): boolean => name.includes(part);
test.describe.configure({ timeout: 1_200_000 });

test("a browser that nobody signed in", async ({ context, installation }) => {
  const page = await context.newPage();
  await takePictures(page, origin(installation), [{ name: "signed-out", path: "/" }].filter(wanted));
});

test("a first visit", async ({ installation, launch }) => {
  const page = await launch();
  await takePictures(page, origin(installation), firstPictures.filter(wanted));
});

test("a team in the middle of its work", async ({ github, installation, launch }) => {
  const chosen = pictures.filter(wanted);
  test.skip(chosen.length === 0, "None of its pictures is wanted");
  const world = await makeDemoWorld(github, installation);
  const page = await launch();
  await expect(page.locator('[data-status="crashing"]')).toBeVisible({ timeout: 60_000 });
  await takePictures(page, origin(installation), chosen, world.deployments);
});
