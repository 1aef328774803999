import type { CauseRow } from "./cause-row.ts";

/** What goes wrong when an app starts, answers, or runs its release command. */
export const runCauses: readonly CauseRow[] = [
  {
    code: "port-taken",
    when: "run",
    line: /EADDRINUSE.*?:(\d{2,5})\b|[Aa]ddress already in use.*?(\d{2,5})?|Port (\d+) (?:is|was) (?:already )?in use|bind: address already in use|Web server failed to start\. Port (\d+)/,
    message: "The app wants port {what}, and it is taken",
    fix: "Let the app listen on the port in the variable PORT",
  },
  {
    code: "esm-commonjs-clash",
    when: "any",
    line: /ERR_REQUIRE_ESM|Cannot use import statement outside a module|require is not defined in ES module scope|exports is not defined in ES module scope|module is not defined in ES module scope|__dirname is not defined in ES module scope|SyntaxError: Unexpected token 'export'|SyntaxError: Named export '([^']+)' not found|ERR_UNKNOWN_FILE_EXTENSION.*"(\.\w+)"|does not provide an export named '([^']+)'|ERR_UNSUPPORTED_DIR_IMPORT|ERR_IMPORT_ASSERTION/,
    message: "CommonJS and ES modules are mixed in a way that Node refuses ({what})",
    fix: 'Set "type": "module" in package.json for files that use import, or name such files .mjs (and .cjs for those with require)',
  },
  {
    code: "generated-client-missing",
    when: "run",
    line: /@prisma\/client did not initialize yet|Query [Ee]ngine.*could not be found|Prisma Client could not locate the Query Engine/,
    message: "The Prisma client was not generated",
    fix: 'Add "postinstall": "prisma generate" to the scripts of package.json',
  },
  {
    code: "host-not-allowed",
    when: "run",
    line: /Invalid HTTP_HOST header: '([^']+)'|DisallowedHost|Blocked request\. This host \("?([^")]+)"?\) is not allowed|Blocked hosts?: (\S+)|Invalid Host header|\[ActionDispatch::HostAuthorization/,
    message: "The app refuses requests for the host name {what}",
    fix: "Allow the host: ALLOWED_HOSTS in Django, config.hosts in Rails, preview.allowedHosts in Vite",
  },
  {
    code: "cache-refused",
    when: "run",
    line: /ECONNREFUSED\b.*:(6379|11211)\b|redis\.exceptions\.ConnectionError|Redis(?:Client)?Error.*(?:ECONNREFUSED|refused)|\[ioredis\] Unhandled error event|Error connecting to Redis|dial tcp .*:(6379)|Unable to connect to Redis|Redis::CannotConnectError/,
    message: "The cache (Redis or Memcached) does not answer",
    fix: "Start it, and set its address (REDIS_URL or as the app names it) with cloudsmith env set",
  },
  {
    code: "database-refused",
    when: "any",
    line: /ECONNREFUSED\b.*:(5432|3306|27017|1433|1521|26257|5433)\b|connection to server at "?([^"]+?)"?(?: \(\S+\))?, port \d+ failed|could not connect to server|Mongo(?:ose)?ServerSelectionError|MongoNetworkError|SequelizeConnection(?:Refused)?Error|SequelizeHostNotFoundError|Can't reach database server at `?([^`\s]+)|OperationalError\)?:? .*(?:could not connect|Can't connect|connection refused|Connection refused)|Access denied for user|password authentication failed for user|Error: P100[0-3]|psycopg2?\.OperationalError|dial tcp .*:(5432|3306|27017).*refused|Communications link failure|Connection to \S+:(5432|3306) refused|SQLSTATE\[HY000\] \[(?:2002|1045)\]|ECONNREFUSED.*[Pp]ostgres|PG::ConnectionBad|database "([^"]+)" does not exist|ER_ACCESS_DENIED_ERROR|Failed to (?:configure|obtain|determine) .*(?:DataSource|JDBC)/,
    message: "The database does not answer or refuses the app ({what})",
    fix: "Start the database, and set its address and credentials (DATABASE_URL or as the app names it) with cloudsmith env set or cloudsmith secret",
  },
  {
    code: "migrations-not-run",
    when: "run",
    line: /relation "([^"]+)" does not exist|no such table:? (\S+)|Table '([^']+)' doesn't exist|P2021|You have (\d+) unapplied migration|PendingMigrationError|Migrations are pending|The table `([^`]+)` does not exist|UndefinedTable|Base table or view not found/,
    message: "The database has no table {what}: migrations were not run",
    fix: 'Set a release command that runs them, for example: cloudsmith.json { "release": "npx prisma migrate deploy" }',
  },
  {
    code: "shared-library-missing",
    when: "any",
    line: /error while loading shared libraries: (\S+):|(\S+\.so[.\d]*): cannot open shared object file|version `(GLIBC[\w.]+)' not found|version `(GLIBCXX[\w.]+)' not found|Unable to load shared library '([^']+)'/,
    message: "The system library {what} is missing",
    fix: "Install the library on this machine, or use a version of the package that brings its own",
  },
  {
    code: "app-object-not-found",
    when: "run",
    line: /Failed to find attribute '([^']+)' in '[^']+'|Error loading ASGI app\. (.*)|Failed to parse '([^']+)' as an attribute name|Could not locate a Flask application|Application object must be callable|did not provide the "([^"]+)" attribute/,
    message: "The server found no app object ({what})",
    fix: "Name it in the start command: gunicorn module:app or uvicorn module:app",
  },
  {
    code: "module-missing-in-production",
    when: "run",
    line: /Cannot find (?:module|package) '((?:@[\w.-]+\/)?[\w-][\w.-]*(?:\/[\w./-]+)?)'|ModuleNotFoundError: No module named '([^']+)'|ImportError: No module named (\S+)|cannot load such file -- (\S+)|Class "([^"]+)" not found/,
    message: "{what} is needed to run and is not among the production dependencies",
    fix: "Move {what} from devDependencies to dependencies (or add it), and commit the lockfile",
  },
  {
    code: "start-command-not-found",
    when: "run",
    line: /(?:^|\s)(?:\/bin\/)?sh: (?:line )?(?:\d+: )?(\S+): (?:command )?not found|^(\S+): command not found|(?:spawn|exec):? (\S+)(?:: | )ENOENT|Cannot find module '(\/[^']+)'|can't open file '([^']+)'|Unable to access jarfile (\S+)|Could not open input file: (\S+)|(\S+): No such file or directory|executable file not found in \$PATH/,
    message: "The start names {what}, and that is not there",
    fix: "Correct the start command, or the build that should write it: check what `cloudsmith plan` says about build and start",
  },
  {
    code: "variable-missing-at-run",
    when: "run",
    line: /(?:Missing|missing|Undefined|No) (?:required )?(?:environment|env) (?:variable|var)s?:?\s*["'`]?([A-Z][A-Z0-9_]{2,})|[Ee]nvironment variable (?:not found:? )?["'`]?([A-Z][A-Z0-9_]{2,})["'`]? ?(?:is |not |must |$|\.)|["'`]?([A-Z][A-Z0-9]*_[A-Z0-9_]+)["'`]? (?:is not defined|is not set|is required|must be set|must be defined|is missing|was not provided|environment variable|must not be empty)|process\.env\.([A-Z][A-Z0-9_]+) is (?:undefined|not|required|missing)|KeyError: '([A-Z][A-Z0-9]*_[A-Z0-9_]+)'|Set the ([A-Z][A-Z0-9_]+) environment variable|UndefinedValueError: ([A-Z][A-Z0-9_]+) not found|The (SECRET_KEY) setting must not be empty|Could not resolve placeholder '([^']+)'|Environment variable not found: ([A-Z][A-Z0-9_]+)|environment variable `([A-Z][A-Z0-9_]+)` not defined|Missing `secret_key_base`|secretOrPrivateKey must have a value|No application encryption key has been specified|Invalid environment variables/,
    message: "The app needs the variable {what}, and it has no value",
    fix: "Set it: cloudsmith env set {what}=…, or cloudsmith secret for a secret",
  },
];
