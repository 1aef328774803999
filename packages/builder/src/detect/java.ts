import { javaFrameworks } from "../java-frameworks.ts";
import { because, newDraft, type Draft } from "../plan/draft.ts";
import { applyProcfile } from "../plan/procfile.ts";
import { joinPath, type SourceTree } from "../plan/source-tree.ts";
import { rank, type Candidate, type DetectContext } from "./detector.ts";

/** Where the app's jar, or its classes with what they need, stand in the artifact. */
export const javaFolder = ".cloudsmith/java";

/** Apps of Java and Kotlin: Maven or Gradle, served from an executable jar or from their main class. */
export function detectJava({ tree, dir, settings }: DetectContext): Candidate | undefined {
  const pom = tree.text(joinPath(dir, "pom.xml"));
  const gradle = tree.firstFile([joinPath(dir, "build.gradle.kts"), joinPath(dir, "build.gradle")]);
  if (pom === undefined && gradle === undefined) return undefined;
  const draft = newDraft("java", dir);
  // A good pom.xml beside a Gradle build is the surer way: Gradle's version has to fit the JDK.
  const text = pom ?? tree.text(gradle ?? "") ?? "";
  if (pom !== undefined) planMaven(draft, text);
  else planGradle(draft, tree, dir);
  draft.plan.toolchains["java"] = settings.get("toolchains")?.value["java"] ?? javaRange(tree, dir, text);
  because(draft, "toolchains.java", "the oldest JDK that the build asks for, or a newer one");
  const framework = javaFrameworks.find((row) => row.build.test(text));
  draft.plan.framework = framework?.name ?? null;
  const spring = framework?.name === "spring-boot";
  const main = spring ? undefined : mainClass(tree, dir);
  draft.plan.env.run["CLOUDSMITH_MAIN_CLASS"] = main ?? "";
  if (main === undefined) delete draft.plan.env.run["CLOUDSMITH_MAIN_CLASS"];
  const memory = ["-XX:MaxRAMPercentage=75", ...(framework?.properties ?? [])];
  draft.plan.serve = { type: "process", start: { argv: ["java", ...memory, "-jar", `${javaFolder}/app.jar`] } };
  because(draft, "serve", spring ? "Spring Boot makes an executable jar" : "the jar that the build makes");
  draft.plan.health = { ...draft.plan.health, startSeconds: 120 };
  applyProcfile(draft, tree, { trustWeb: false });
  return { rank: rank.server - 4, draft };
}

function planMaven(draft: Draft, pom: string): void {
  draft.plan.packageManager = { name: "maven", version: null, lockfile: null };
  because(draft, "packageManager", "pom.xml");
  const modules = /<modules>/.test(pom) && !/<packaging>\s*(jar|war)\s*</.test(pom);
  draft.plan.commands.build = {
    argv: [
      "mvn",
      "--batch-mode",
      "--no-transfer-progress",
      "-DskipTests",
      "package",
      "dependency:copy-dependencies",
      "-DincludeScope=runtime",
    ],
  };
  because(
    draft,
    "commands.build",
    modules ? "pom.xml has modules: all are packaged" : "pom.xml is packaged, without its tests",
  );
}

function planGradle(draft: Draft, tree: SourceTree, dir: string): void {
  draft.plan.packageManager = { name: "gradle", version: null, lockfile: null };
  because(draft, "packageManager", "build.gradle");
  const wrapper =
    tree.isFile(joinPath(dir, "gradlew")) && tree.isFile(joinPath(dir, "gradle/wrapper/gradle-wrapper.jar"));
  draft.plan.commands.build = {
    argv: [...(wrapper ? ["sh", "gradlew"] : ["gradle"]), "--no-daemon", "--console=plain", "build", "-x", "test"],
  };
  because(
    draft,
    "commands.build",
    wrapper
      ? "the Gradle wrapper builds it, without its tests"
      : "there is no Gradle wrapper: the machine's Gradle builds it",
  );
}

function javaRange(tree: SourceTree, dir: string, build: string): string {
  const file =
    tree.text(joinPath(dir, ".java-version"))?.trim() ??
    /java\.runtime\.version\s*=\s*(\S+)/.exec(tree.text(joinPath(dir, "system.properties")) ?? "")?.[1];
  const version = [
    file,
    /<(?:java\.version|maven\.compiler\.release|maven\.compiler\.target|maven\.compiler\.source|release|jdk\.version)>\s*(?:1\.)?(\d+)/.exec(
      build,
    )?.[1],
    /(?:JavaLanguageVersion\.of|jvmToolchain)\s*\(\s*(\d+)/.exec(build)?.[1],
    /(?:sourceCompatibility|targetCompatibility)\s*=?\s*(?:JavaVersion\.VERSION_)?["']?(?:1[._])?(\d+)/.exec(
      build,
    )?.[1],
  ].flatMap((each) => /(\d+)/.exec(each ?? "")?.[1] ?? [])[0];
  return version === undefined ? "*" : `>=${version}`;
}

/** The class with `main`, by its package and file, for jars that do not name theirs. */
function mainClass(tree: SourceTree, dir: string): string | undefined {
  const files = tree.find(dir, /\/src\/main\/(java|kotlin)\/.*\.(java|kt)$|^src\/main\/(java|kotlin)\/.*\.(java|kt)$/, {
    depth: 12,
    limit: 2000,
  });
  const found = files.flatMap((path) => {
    const text = tree.text(path) ?? "";
    const isKotlin = path.endsWith(".kt");
    if (!(isKotlin ? /^\s*(suspend\s+)?fun\s+main\s*\(/m : /public\s+static\s+void\s+main\s*\(/).test(text)) return [];
    const name = path.slice(path.lastIndexOf("/") + 1).replace(/\.(java|kt)$/, isKotlin ? "Kt" : "");
    const packageName = /^\s*package\s+([\w.]+)/m.exec(text)?.[1];
    const serves = /HttpServer|Javalin|ServerSocket|embeddedServer|Spark|Undertow|Jetty|Netty|Vertx|listen/.test(text);
    return [{ name: packageName === undefined ? name : `${packageName}.${name}`, serves }];
  });
  return (found.find((each) => each.serves) ?? found[0])?.name;
}
