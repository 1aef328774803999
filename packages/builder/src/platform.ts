import type { Platform } from "@cloudsmith/contracts";
import { CloudSmithError } from "@cloudsmith/contracts";

let known: Platform | undefined;

/** The platform of this machine. Throws `plan-unsupported` on a processor or system that no toolchain is made for. */
export function hostPlatform(): Platform {
  known ??= detect();
  return known;
}

function detect(): Platform {
  const { platform, arch } = process;
  if ((platform !== "linux" && platform !== "darwin" && platform !== "win32") || (arch !== "x64" && arch !== "arm64")) {
    throw new CloudSmithError("plan-unsupported", `CloudSmith cannot build on ${platform}/${arch}`, {
      fix: "Use Linux, macOS or Windows on x64 or arm64",
    });
  }
  return { os: platform, arch, libc: platform === "linux" ? linuxLibc() : "none" };
}

function linuxLibc(): "glibc" | "musl" {
  const report: unknown = process.report.getReport();
  const header: unknown =
    typeof report === "object" && report !== null && "header" in report ? report.header : undefined;
  return typeof header === "object" && header !== null && "glibcVersionRuntime" in header ? "glibc" : "musl";
}
