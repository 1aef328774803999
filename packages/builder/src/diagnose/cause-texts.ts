import type { CauseCode, ErrorCode } from "@cloudsmith/contracts";

export interface CauseText {
  /** What the code means, in a sentence. */
  readonly means: string;
  /** What a person can do; `{what}` stands for what the log named. */
  readonly fix: string;
}

/** Every cause of a failed deployment: what it means and what to do. `docs/diagnosis.md` is made of this. */
export const causeTexts: Readonly<Record<CauseCode | Extract<ErrorCode, "disk-full">, CauseText>> = {
  "source-not-found": {
    means: "The folder or repository does not exist, or the repository is private and looks as if it did not.",
    fix: "Check the address; a private repository needs credentials",
  },
  "source-empty": {
    means: "The source holds no files, or all of them are ignored.",
    fix: "Commit the app's files, or check .gitignore",
  },
  "source-too-large": {
    means: "The source is larger than the limit.",
    fix: "Keep build output and data out of it with .gitignore",
  },
  "source-folder-missing": {
    means: "The sub-directory that was asked for is not in the source.",
    fix: "Give a folder of the source with --dir, or leave it out",
  },
  "git-auth": {
    means: "The Git server refused the credentials.",
    fix: "Check that your Git credentials (ssh key, credential helper or token) can read the repository",
  },
  "git-ref-not-found": {
    means: "The branch, tag or commit does not exist in the repository.",
    fix: "Name a branch, tag or commit that exists after #",
  },
  "git-host-unreachable": {
    means: "The Git server cannot be reached from this machine.",
    fix: "Check the address, your network and your proxy, then deploy again",
  },
  "git-protocol-refused": {
    means: "The address uses a transport that CloudSmith refuses, since it could run commands.",
    fix: "Use https://, ssh:// or file://",
  },
  "git-submodule": {
    means: "A submodule cannot be fetched.",
    fix: "Check the address in .gitmodules and that the same credentials can read it",
  },
  "git-timeout": {
    means: "Fetching the repository took too long and was stopped.",
    fix: "Deploy again; if the repository is large, remove large files from it or raise the limit",
  },
  "no-app-found": {
    means: "Nothing in the folder looks like an app, or several apps do.",
    fix: "Choose the app's folder with --dir, or say in cloudsmith.json how it starts",
  },
  "plan-unsupported": {
    means: "The app is of a kind that CloudSmith recognises and cannot build here.",
    fix: "Say in cloudsmith.json how the app is built and started",
  },
  "plan-invalid": {
    means: "cloudsmith.json or the settings are not valid.",
    fix: "Correct the named fields; the schema lists what is allowed",
  },
  "toolchain-missing": {
    means:
      "A command that the build calls is not there: a tool of the machine, or one that a package of the app should bring.",
    fix: "Add the package that brings {what} to the dependencies, or install it on this machine",
  },
  "toolchain-version-unknown": {
    means: "The version of the runtime that the app asks for does not exist or cannot be fetched.",
    fix: "Ask for a version that exists (engines, .nvmrc, .python-version, toolchains in cloudsmith.json)",
  },
  "script-missing": {
    means: "A command names a script that package.json does not have.",
    fix: "Add the script {what} to package.json, correct its name, or set another command in cloudsmith.json",
  },
  "lockfile-out-of-step": {
    means: "The lockfile was not updated when the list of dependencies was.",
    fix: "Run the install of your package manager once and commit the lockfile",
  },
  "lockfile-conflict": {
    means: "The lockfile holds an unresolved merge conflict or is damaged.",
    fix: "Resolve the conflict (or install anew) and commit the lockfile",
  },
  "peer-conflict": {
    means: "Two packages ask for versions of a third that cannot go together.",
    fix: "Update the package that is named in the log so that the versions fit, then commit the lockfile",
  },
  "engine-refused": {
    means:
      "The app or one of its packages refuses the version of Node, Python, Go, Rust, Java or a package manager that is used.",
    fix: "State the version it asks for where the app states it (engines, .nvmrc, .python-version, go.mod) or under toolchains in cloudsmith.json",
  },
  "package-not-found": {
    means: "A package does not exist in the registry, or not in the version that is asked for.",
    fix: "Check its name and version; a private package needs its registry's address and token",
  },
  "package-private": {
    means: "A package is private and the registry refused the credentials.",
    fix: "Give the registry's token as a secret for the build and name it in .npmrc (//registry/:_authToken=${NPM_TOKEN}) or your manager's file",
  },
  "native-build-failed": {
    means:
      "A package has no prebuilt files for this platform and could not be compiled: a compiler or a header is missing.",
    fix: "Install a compiler and what the log names (on Debian: apt install build-essential python3, plus the library's -dev package), or use a version of the package with prebuilt files",
  },
  "optional-dependency-missing": {
    means: "The lockfile was written on another platform, and the part of a package for this one was left out.",
    fix: "Delete node_modules and the lockfile, install anew without --omit=optional, and commit the lockfile",
  },
  "generated-client-missing": {
    means: "Code that a tool generates, such as the Prisma client, was not generated before it was used.",
    fix: 'Run the generator before the build: for Prisma, add "postinstall": "prisma generate" to the scripts of package.json',
  },
  "module-not-found": {
    means: "A file or package that is imported is not there.",
    fix: "Add it to the dependencies (not only on your computer), or correct the path; capitals count",
  },
  "case-mismatch": {
    means: "An import writes a file's name in other capitals than the file has, which only some systems forgive.",
    fix: "Write the import as the file is named: this platform tells capitals apart",
  },
  "type-error": {
    means: "The type checker found errors.",
    fix: "Correct the error that the log names; it also fails locally with the build command",
  },
  "lint-error": {
    means: "The linter found errors, and the build counts them.",
    fix: "Correct the lines that the log names, or take the linter out of the build",
  },
  "syntax-error": {
    means: "The code does not compile.",
    fix: "Correct the line that the log names; it also fails locally with the build command",
  },
  "variable-missing-at-build": {
    means: "The build reads a variable of the environment that has no value.",
    fix: "Set it: cloudsmith env set {what}=… (scope build or both), or cloudsmith secret for a secret",
  },
  "out-of-memory": {
    means: "The build or the app needed more memory than it may use.",
    fix: "Give it more memory (limits.buildMemoryMb for builds, limits.memoryMb for the app)",
  },
  "build-timeout": {
    means: "The build did not end within its time.",
    fix: "A command that waits for input or never ends (a watcher, a server) must not be in the build; a slow one can be given more time (limits.buildSeconds)",
  },
  "build-killed": {
    means: "The build was killed from outside, most often for want of memory on the machine.",
    fix: "Free memory on this machine or give builds more, then deploy again",
  },
  "build-output-missing": {
    means: "The build ended well and did not write the folder that is to be served.",
    fix: "Name the folder that the build writes to (output in cloudsmith.json)",
  },
  "build-output-empty": {
    means: "The build left nothing in the folder that is to be served.",
    fix: "Check what the build command does, or name the folder it writes to (output in cloudsmith.json)",
  },
  "network-unreachable": {
    means: "The network and not the app: something could not be fetched.",
    fix: "Check this machine's network, proxy and certificates, then deploy again; fonts and browsers that a build fetches are safer in the repository",
  },
  "host-unresolvable": {
    means: "A host name has no address: it is wrong, or the network's name server does not answer.",
    fix: "Check the name (often in a variable such as DATABASE_URL, or in a registry's address) and this machine's network",
  },
  "permission-denied": {
    means: "A file may not be read, written or run.",
    fix: "A file that is run needs to be executable in Git (git update-index --chmod=+x {what}); an app writes to its own folder or a persistent one; ports below 1024 are not allowed",
  },
  "dependency-drift": {
    means: "Without a lockfile newer packages were installed than the code was written for.",
    fix: "Commit a lockfile, or pin {what} to a version that the code works with",
  },
  "tests-failed": {
    means: "The build command runs tests, and some fail.",
    fix: "Correct the tests, or take them out of the build command: they belong to the repository's checks",
  },
  "package-manager-refused": {
    means: "The app insists on another package manager than the one that was chosen.",
    fix: "Commit the lockfile of the package manager that it asks for and remove others, or set packageManager in cloudsmith.json",
  },
  "config-invalid": {
    means: "A file of settings that the build reads is wrong.",
    fix: "Correct the file that the log names",
  },
  "prerender-failed": {
    means: "A page failed while it was rendered for the build.",
    fix: "See the error below it in the log: most often data that is not there at build time. Fetch it at run time, or make the page dynamic",
  },
  "build-failed": {
    means: "The build failed, and the cause is none that CloudSmith knows.",
    fix: "Look at the lines below; the same command fails locally in a fresh clone",
  },
  "artifact-too-large": {
    means: "What was built is larger than the limit.",
    fix: "Keep data, caches and development dependencies out of what the build leaves",
  },
  "artifact-platform-mismatch": {
    means: "The artifact was built for another operating system or processor.",
    fix: "Deploy again, so that it is built for the platform it runs on",
  },
  "artifact-missing": { means: "What was built is no longer in the store.", fix: "Deploy again" },
  "release-command-failed": {
    means: "The release command (migrations, for example) failed, and the cause is none that CloudSmith knows.",
    fix: "Look at the lines below, correct the command or what it needs, and deploy again; nothing was switched",
  },
  "release-timeout": {
    means: "The release command took too long and was stopped.",
    fix: "Make it shorter, or run it by hand",
  },
  "secret-missing": {
    means: "A secret that the deployment refers to is gone.",
    fix: "Set it again with cloudsmith secret, then deploy again",
  },
  "exits-at-start": {
    means: "The app ended while it started, and the cause is none that CloudSmith knows.",
    fix: "Look at the lines below; they are the app's own",
  },
  "exits-silently": {
    means: "The app ended without a word.",
    fix: "Check that the start command starts a server and keeps running; a script that only exports an app does not",
  },
  "start-command-not-found": {
    means: "The start command names a program or a file that is not there.",
    fix: "Correct the start command, or the build that should write it: `cloudsmith plan` shows both",
  },
  "module-missing-in-production": {
    means: "A package that the app needs to run is not installed: most often it is a development dependency.",
    fix: "Add {what} to dependencies (not devDependencies) and commit the lockfile",
  },
  "esm-commonjs-clash": {
    means: "CommonJS and ES modules are mixed in a way that Node refuses.",
    fix: 'Use import in packages with "type": "module" (and import.meta.dirname for __dirname), require elsewhere; .mjs and .cjs decide for one file',
  },
  "variable-missing-at-run": {
    means: "The app reads a variable of the environment that has no value.",
    fix: "Set it: cloudsmith env set {what}=…, or cloudsmith secret for a secret",
  },
  "port-not-bound": {
    means: "The app runs and listens on no port within its time.",
    fix: "Let it listen on the port in the variable PORT; one that needs longer can be given time (health.startSeconds)",
  },
  "port-taken": {
    means: "The app insists on a port that something else uses.",
    fix: "Let the app listen on the port in the variable PORT",
  },
  "port-wrong": {
    means: "The app listens on another port than the one it was told, where it cannot be reached.",
    fix: "Let it listen on the port in the variable PORT, or set port in cloudsmith.json",
  },
  "localhost-only": {
    means:
      "The app listens on localhost only: right on this machine, but in a container nothing from outside reaches it.",
    fix: "Let it listen on 0.0.0.0 where it runs in a container",
  },
  "health-timeout": {
    means: "The app listens and did not answer within its time.",
    fix: "Check what it does with a first request; one that starts slowly can be given time (health.startSeconds)",
  },
  "health-server-error": {
    means: "The app answers its health path with a server error (5xx).",
    fix: "See the app's log for the error behind it",
  },
  "health-client-error": {
    means: "The app answers its health path with a client error (4xx).",
    fix: "Set health.path to a path that answers without signing in, for example in cloudsmith.json",
  },
  "database-refused": {
    means: "The database does not answer, or refuses the app's name or password.",
    fix: "Start the database, and set its address and credentials (DATABASE_URL or as the app names it) with cloudsmith env set or cloudsmith secret",
  },
  "cache-refused": {
    means: "Redis or Memcached does not answer, or refuses the app.",
    fix: "Start it, and set its address (REDIS_URL or as the app names it) with cloudsmith env set",
  },
  "migrations-not-run": {
    means: "The database lacks a table that the app expects.",
    fix: 'Set a release command that runs the migrations, for example "release": "npx prisma migrate deploy" or "python manage.py migrate" in cloudsmith.json',
  },
  "host-not-allowed": {
    means: "The app refuses requests for its own host name.",
    fix: "Allow the host: ALLOWED_HOSTS in Django, config.hosts in Rails, preview.allowedHosts in Vite",
  },
  "shared-library-missing": {
    means: "A library of the operating system is missing.",
    fix: "Install {what} on this machine, or use a version of the package that brings its own",
  },
  "app-object-not-found": {
    means: "The Python server did not find the app's object.",
    fix: "Name it in the start command: gunicorn module:app or uvicorn module:app",
  },
  "main-not-found": {
    means: "There is no program to build or start: no main package, class or binary.",
    fix: "Name the program's folder, package or class: set build and start in cloudsmith.json",
  },
  crashed: {
    means: "The app stopped working, and the cause is none that CloudSmith knows.",
    fix: "Look at the lines below; they are the app's own",
  },
  "worker-lost": {
    means: "The process that worked on the deployment is gone.",
    fix: "Deploy again; if it happens again, look at the agent's log",
  },
  "stage-timeout": { means: "A stage did not end within its time.", fix: "Deploy again" },
  "disk-full": {
    means: "The disk of this machine is full, or a build wrote more than it may.",
    fix: "Free some space, or run `cloudsmith doctor --clean` to drop caches, then deploy again",
  },
};
