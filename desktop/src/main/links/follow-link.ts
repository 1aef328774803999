import { dialog } from "electron";
import type { AppWindows } from "../windows/app-windows.ts";
import { routes } from "../windows/routes.ts";
import { parseLink, type Link } from "./deep-link.ts";

/** Does what a link asks for, after a person agreed where it is about deploying. A link that is not right says so and does nothing. */
export async function followLink(text: string, windows: AppWindows): Promise<void> {
  const link = parseLink(text);
  if (link === undefined) return refuse(text, windows);
  switch (link.type) {
    case "open":
    case "signed-in":
      windows.showMain();
      return;
    case "project":
      windows.showMain(routes.project(link.name));
      return;
    case "deployment":
      windows.showDeployment(link.id);
      return;
    case "deploy":
      if (await confirmed(link, windows)) windows.showMain(routes.newFromRepository(link));
  }
}

async function refuse(text: string, windows: AppWindows): Promise<void> {
  const detail = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  await dialog.showMessageBox(windows.showMain(), {
    type: "warning",
    title: "CloudSmith",
    message: "This link cannot be opened",
    detail: `It is not one that CloudSmith knows:\n${detail}`,
    buttons: ["Close"],
  });
}

async function confirmed(
  { repository, ref, dir }: Extract<Link, { type: "deploy" }>,
  windows: AppWindows,
): Promise<boolean> {
  const lines = [
    repository,
    ref === undefined ? "" : `Branch or tag: ${ref}`,
    dir === undefined ? "" : `Folder: ${dir}`,
  ];
  const { response } = await dialog.showMessageBox(windows.showMain(), {
    type: "question",
    title: "CloudSmith",
    message: "Deploy this repository on your computer?",
    detail: `A link asks for it. Its code will be built and run here.\n\n${lines.filter((line) => line !== "").join("\n")}\n\nYou can review everything before it is deployed.`,
    buttons: ["Review", "Cancel"],
    defaultId: 1,
    cancelId: 1,
  });
  return response === 0;
}
