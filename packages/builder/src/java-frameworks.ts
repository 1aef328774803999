/** A framework of Java or Kotlin: what in the build file says so, and how it is told where to listen. */
export interface JavaFramework {
  readonly name: string;
  readonly label: string;
  readonly build: RegExp;
  /** System properties; none where it reads PORT or names a port itself. */
  readonly properties: readonly string[];
}

/** The table of Java frameworks, surest first. */
export const javaFrameworks: readonly JavaFramework[] = [
  {
    name: "spring-boot",
    label: "Spring Boot",
    build: /spring-boot/,
    properties: ["-Dserver.port=$PORT", "-Dserver.address=$HOST"],
  },
  {
    name: "quarkus",
    label: "Quarkus",
    build: /quarkus/,
    properties: ["-Dquarkus.http.port=$PORT", "-Dquarkus.http.host=$HOST"],
  },
  {
    name: "micronaut",
    label: "Micronaut",
    build: /micronaut/,
    properties: ["-Dmicronaut.server.port=$PORT", "-Dmicronaut.server.host=$HOST"],
  },
  { name: "ktor", label: "Ktor", build: /ktor/, properties: [] },
  { name: "javalin", label: "Javalin", build: /javalin/, properties: [] },
];
