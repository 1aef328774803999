import { restoreFrameworkCaches } from "../cache/framework-cache.ts";
import { walkTree } from "../archive/walk.ts";
import type { ArtifactContents, BuildContext, Builder } from "./build-context.ts";
import { pruneNode } from "./node-prune.ts";
import { installNode } from "./node-install.ts";
import { runStep } from "./run-step.ts";
import { staticContents } from "./static.ts";

/** Apps of Node: dependencies by the app's package manager, its build script, and either the output folder or the app with its production dependencies. */
export const nodeBuilder: Builder = {
  install: installNode,
  build: async (context) => {
    if (context.plan.commands.build === null) return;
    restoreFrameworkCaches(context);
    await runStep(context, context.plan.commands.build, context.appRoot);
  },
  contents: (context) => (context.plan.serve.type === "static" ? staticContents(context) : appContents(context)),
};

const cacheFolder = /(^|\/)(\.git|\.cache|\.turbo|\.parcel-cache|\.nx\/cache|\.angular\/cache|\.svelte-kit\/\.cache)$/;

async function appContents(context: BuildContext): Promise<ArtifactContents> {
  const isPruned = await pruneNode(context);
  const caches = new Set(
    context.plan.caches.map((path) => (context.plan.appDir === "" ? path : `${context.plan.appDir}/${path}`)),
  );
  const skip = (path: string, isFolder: boolean): boolean =>
    isFolder && (cacheFolder.test(path) || caches.has(path) || isPruned(path));
  return { entries: walkTree(context.folder.source, { skip, note: context.say }), plan: context.plan };
}
