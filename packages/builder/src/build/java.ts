import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, delimiter, join } from "node:path";
import type { BuildPlan } from "@cloudsmith/contracts";
import { walkTree } from "../archive/walk.ts";
import { javaFolder } from "../detect/java.ts";
import type { ArtifactContents, BuildContext, Builder } from "./build-context.ts";
import { runStep } from "./run-step.ts";
import { StepFailed } from "./step-failed.ts";

/** Apps of Java and Kotlin: the build's executable jar, or its classes with the jars that they need. */
export const javaBuilder: Builder = {
  install: async (context) => {
    if (context.plan.commands.install !== null)
      await runStep(context, context.plan.commands.install, context.installRoot);
  },
  build: async (context) => {
    if (context.plan.commands.build !== null)
      await runStep(withRepository(context), context.plan.commands.build, context.appRoot);
  },
  contents,
};

/** Maven's local repository in the cache, and its settings from nowhere but the repository. */
function withRepository(context: BuildContext): BuildContext {
  const repository = join(context.cacheDir, "downloads", "maven");
  mkdirSync(repository, { recursive: true });
  const options = [context.env["MAVEN_OPTS"], `-Dmaven.repo.local=${repository}`].filter((part) => part !== undefined);
  return { ...context, env: { ...context.env, MAVEN_OPTS: options.join(" ") } };
}

const jarFolders = ["target", "build/libs", "app/build/libs", "server/target", "app/target"];
const notTheApp = /(-sources|-javadoc|-tests?|-plain|\.original)\.jar$|^original-/;

function contents(context: BuildContext): Promise<ArtifactContents> {
  const plan = collect(context);
  const keep = new RegExp(`^${javaFolder.replaceAll(".", "\\.")}(/|$)`);
  const built =
    /(^|\/)(\.git|target|build|\.gradle|node_modules|src)$|\.(java|kt|kts|gradle)$|(^|\/)(pom\.xml|gradlew(\.bat)?|mvnw(\.cmd)?)$/;
  const skip = (path: string): boolean => !keep.test(path) && built.test(path);
  return Promise.resolve({ entries: walkTree(context.folder.source, { skip, note: context.say }), plan });
}

/** Puts the app where its start expects it; a jar that cannot run by itself is started by its main class. */
function collect(context: BuildContext): BuildPlan {
  const folder = join(context.appRoot, javaFolder);
  mkdirSync(folder, { recursive: true });
  const quarkus = join(context.appRoot, "target", "quarkus-app");
  if (existsSync(quarkus)) {
    cpSync(quarkus, folder, { recursive: true });
    return startWith(context.plan, ["-jar", `${javaFolder}/quarkus-run.jar`]);
  }
  const jar = biggestJar(context.appRoot);
  if (jar === undefined) throw noJar();
  const mainClass = context.plan.env.run["CLOUDSMITH_MAIN_CLASS"];
  copyFileSync(jar, join(folder, "app.jar"));
  if (mainClass === undefined || hasMainClass(jar)) return context.plan;
  const libraries = ["target/dependency", "build/dependencies"]
    .map((name) => join(context.appRoot, name))
    .find(existsSync);
  if (libraries !== undefined) cpSync(libraries, join(folder, "lib"), { recursive: true });
  writeFileSync(join(folder, "main-class"), mainClass);
  return startWith(context.plan, ["-cp", [`${javaFolder}/app.jar`, `${javaFolder}/lib/*`].join(delimiter), mainClass]);
}

function startWith(plan: BuildPlan, rest: readonly string[]): BuildPlan {
  if (plan.serve.type === "static" || !("argv" in plan.serve.start) || plan.serve.start.argv[0] !== "java") return plan;
  const flags = plan.serve.start.argv.slice(1, plan.serve.start.argv.indexOf("-jar"));
  return { ...plan, serve: { type: "process", start: { argv: ["java", ...flags, ...rest] } } };
}

function biggestJar(root: string): string | undefined {
  const jars = jarFolders.flatMap((name) => {
    const folder = join(root, name);
    return existsSync(folder)
      ? readdirSync(folder)
          .filter((file) => file.endsWith(".jar") && !notTheApp.test(basename(file)))
          .map((file) => join(folder, file))
      : [];
  });
  return jars.sort((a, b) => statSync(b).size - statSync(a).size)[0];
}

/** Whether a jar's manifest names what to run: looked for in its bytes where the manifest is stored or packed first, else assumed of big (shaded) jars. */
function hasMainClass(jar: string): boolean {
  const head = readFileSync(jar)
    .subarray(0, 64 * 1024)
    .toString("latin1");
  return head.includes("Main-Class:") || statSync(jar).size > 2_000_000;
}

function noJar(): StepFailed {
  return new StepFailed({
    code: "build-output-missing",
    message: "The build made no jar",
    cause: `Nothing was found in ${jarFolders.slice(0, 3).join(", ")}`,
    fix: "Check that the module which serves is packaged as a jar; deploy its folder with --dir where there are several",
  });
}
