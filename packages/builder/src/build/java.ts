import { randomUUID } from "node:crypto";
import {
  cpSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import type { BuildPlan } from "@cloudsmith/contracts";
import { walkTree } from "../archive/walk.ts";
import { javaFolder } from "../detect/java.ts";
import { joinPath } from "../plan/source-tree.ts";
import type { ArtifactContents, BuildContext, Builder } from "./build-context.ts";
import { jarManifest } from "./jar.ts";
import { runStep } from "./run-step.ts";
import { StepFailed } from "./step-failed.ts";

/** Apps of Java and Kotlin: the build's executable jar, or its classes with the jars that they need. */
export const javaBuilder: Builder = {
  install: async (context) => {
    if (context.plan.commands.install !== null)
      await runStep(context, context.plan.commands.install, context.installRoot);
  },
  build: async (context) => {
    if (context.plan.commands.build === null) return;
    writeGradleInit(context.env["GRADLE_USER_HOME"]);
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

/** Where a build of Gradle is told to put the jars that the app needs at run time. */
const gradleLibraries = "build/cloudsmith-libraries";

/** Gradle runs what stands in its home's init.d: every module with Java's plugin gathers its libraries, which no task of Gradle's own does. */
function writeGradleInit(home: string | undefined): void {
  if (home === undefined) return;
  const file = join(home, "init.d", "cloudsmith.gradle");
  if (existsSync(file) && readFileSync(file, "utf8") === gradleInit) return;
  mkdirSync(dirname(file), { recursive: true });
  // Whole at once: another build may be reading it.
  const fresh = join(home, `cloudsmith.${randomUUID()}`);
  writeFileSync(fresh, gradleInit);
  renameSync(fresh, file);
}

const gradleInit = `allprojects { module ->
  module.plugins.withId('java') {
    def gather = module.tasks.create('cloudsmithLibraries', Copy) {
      into new File(module.projectDir, '${gradleLibraries}')
    }
    module.afterEvaluate { gather.from(module.configurations.runtimeClasspath) }
    module.tasks.getByName('assemble').dependsOn(gather)
  }
}
`;

const moduleFiles = ["pom.xml", "build.gradle", "build.gradle.kts"];
const ofBuild = new Set(["target", "build", "src", ".gradle", "gradle"]);
const code =
  /(^|\/)(\.git|\.mvn)$|\.(java|kt|kts|gradle)$|(^|\/)(pom\.xml|gradlew(\.bat)?|mvnw(\.cmd)?|gradle\.properties)$/;

/** What the app may read at run time: all of the source but code and, beside the file of a module, what its build reads and leaves. */
function contents(context: BuildContext): Promise<ArtifactContents> {
  const plan = collect(context);
  const { source } = context.folder;
  const own = joinPath(plan.appDir, javaFolder);
  const isModule = (folder: string): boolean => moduleFiles.some((file) => existsSync(join(source, folder, file)));
  const skip = (path: string, isFolder: boolean): boolean => {
    if (path === own || path.startsWith(`${own}/`)) return false;
    if (code.test(path)) return true;
    return isFolder && ofBuild.has(basename(path)) && isModule(dirname(path));
  };
  return Promise.resolve({ entries: walkTree(source, { skip, note: context.say }), plan });
}

/** Puts the app where its start expects it; a jar that cannot run by itself is started by its main class, with its libraries. */
function collect(context: BuildContext): BuildPlan {
  const folder = join(context.appRoot, javaFolder);
  mkdirSync(folder, { recursive: true });
  const quarkus = join(context.appRoot, "target", "quarkus-app");
  if (existsSync(quarkus)) {
    cpSync(quarkus, folder, { recursive: true });
    return startWith(context.plan, ["-jar", `${javaFolder}/quarkus-run.jar`]);
  }
  const jar = appJar(context.appRoot);
  if (jar === undefined) throw noJar();
  copyFileSync(jar.file, join(folder, "app.jar"));
  const mainClass = jar.mainClass ?? context.plan.env.run["CLOUDSMITH_MAIN_CLASS"];
  const libraries = ["target/dependency", gradleLibraries].map((name) => join(jar.module, name)).find(existsSync);
  if (mainClass === undefined || isWhole(jar, libraries)) return context.plan;
  if (libraries !== undefined) cpSync(libraries, join(folder, "lib"), { recursive: true });
  return startWith(context.plan, ["-cp", [`${javaFolder}/app.jar`, `${javaFolder}/lib/*`].join(delimiter), mainClass]);
}

function startWith(plan: BuildPlan, rest: readonly string[]): BuildPlan {
  if (plan.serve.type === "static" || !("argv" in plan.serve.start) || plan.serve.start.argv[0] !== "java") return plan;
  const flags = plan.serve.start.argv.slice(1, plan.serve.start.argv.indexOf("-jar"));
  return { ...plan, serve: { type: "process", start: { argv: ["java", ...flags, ...rest] } } };
}

interface Jar {
  readonly file: string;
  readonly bytes: number;
  /** The folder of the module that made it. */
  readonly module: string;
  readonly mainClass: string | undefined;
}

const notTheApp = /(-sources|-javadoc|-tests?|-plain|\.original)\.[jw]ar$|^original-/;

/** The jar that can run by itself, else the biggest, of the app's module or of one that it has. */
function appJar(root: string): Jar | undefined {
  const modules = [root, ...folders(root), ...folders(root).flatMap(folders)];
  const jars = modules.flatMap((module) => ["target", "build/libs"].flatMap((name) => jarsIn(module, name)));
  return jars.toSorted((a, b) => Number(isSelfContained(b)) - Number(isSelfContained(a)) || b.bytes - a.bytes)[0];
}

function jarsIn(module: string, output: string): Jar[] {
  const folder = join(module, output);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => /\.[jw]ar$/.test(file) && !notTheApp.test(file))
    .map((name) => {
      const file = join(folder, name);
      return { file, module, bytes: statSync(file).size, mainClass: jarManifest(file)?.get("Main-Class") };
    })
    .filter((jar) => jar.file.endsWith(".jar") || isSelfContained(jar));
}

function folders(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((item) => item.isDirectory() && !item.name.startsWith(".") && !ofBuild.has(item.name))
    .map((item) => join(folder, item.name));
}

/** Spring Boot's jars bring their libraries, and a loader that finds them. */
function isSelfContained({ mainClass }: Jar): boolean {
  return mainClass?.startsWith("org.springframework.boot.loader.") === true;
}

/** A jar that holds its libraries (shaded, or of a loader) is about as big as they are together. */
function isWhole(jar: Jar, libraries: string | undefined): boolean {
  if (jar.mainClass === undefined) return false;
  if (isSelfContained(jar) || libraries === undefined) return true;
  const bytes = readdirSync(libraries).reduce((total, name) => total + statSync(join(libraries, name)).size, 0);
  return jar.bytes > bytes / 2;
}

function noJar(): StepFailed {
  return new StepFailed({
    code: "build-output-missing",
    message: "The build made no jar",
    cause: "Nothing was found in target or build/libs, of the app's folder or of its modules",
    fix: "Check that the module which serves is packaged as a jar; deploy its folder with --dir where there are several",
  });
}
