import type { CauseRow } from "../cause-row.ts";

const outOfMemory: readonly RegExp[] = [
  /JavaScript heap out of memory/,
  /FATAL ERROR: .*Allocation failed/,
  /java\.lang\.OutOfMemoryError/,
  /^(?:E +)?MemoryError\b/,
  /^fatal error: runtime: out of memory/,
  /^memory allocation of \d+ bytes failed/,
  /fatal: .*(?:Cannot allocate memory|unable to create thread)/i,
  /virtual memory exhausted/,
  /signal: 9, SIGKILL: kill/,
];

/** Disk, memory and network: the machine and not the app. */
export const generalCauses: readonly CauseRow[] = [
  {
    code: "disk-full",
    when: "any",
    lines: [/\bENOSPC\b/, /No space left on device/i, /disk quota exceeded/i, /database or disk is full/],
    unless: /inotify|file watchers|System limit for number/i,
    message: "The disk is full",
  },
  {
    code: "out-of-memory",
    when: "build",
    lines: outOfMemory,
    message: "There was not enough memory",
    suggest: (_what, plan) => ({ limits: { buildMemoryMb: (plan.limits.buildMemoryMb ?? 2048) * 2 } }),
  },
  {
    code: "out-of-memory",
    when: "run",
    lines: outOfMemory,
    message: "There was not enough memory",
    suggest: (_what, plan) =>
      plan.limits.memoryMb === null ? undefined : { limits: { memoryMb: plan.limits.memoryMb * 2 } },
  },
  {
    code: "host-unresolvable",
    when: "build",
    lines: [
      /getaddrinfo (?:ENOTFOUND|EAI_AGAIN) (?<what>[\w.-]+)/,
      /Could not resolve host:? (?<what>[\w.-]+)/,
      /lookup (?<what>[\w.-]+)(?: on \S+)?: (?:no such host|Temporary failure)/,
      /UnknownHostException: (?<what>[\w.-]+)/,
      /Failed to resolve '(?<what>[\w.-]+\.\w+)' \(\[Errno/,
      /HTTPSConnectionPool\(host='(?<what>[\w.-]+)'.*(?:Name or service not known|Temporary failure in name resolution|NameResolutionError)/,
      /could not translate host name "(?<what>[^"]+)"/,
      /php_network_getaddresses: getaddrinfo for (?<what>[\w.-]+) failed/,
      /Temporary failure in name resolution/,
    ],
    message: "The host name {what} cannot be resolved",
    plain: "A host name cannot be resolved",
  },
  {
    code: "network-unreachable",
    when: "build",
    lines: [
      /npm (?:ERR!|error) (?:code|errno) (?:ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT)/,
      /npm (?:ERR!|error) code (?:SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|CERT_\w+)/,
      /Failed to fetch `(?<what>[^`]+)` from Google Fonts/,
      /Failed to fetch font `(?<what>[^`]+)`/,
      /Could not reach host (?<what>[\w.-]+\w)\. Check your network/,
      /ERR_PNPM_META_FETCH_FAIL.*?(?<what>https?:\/\/[^\s:]+)/,
      /There appears to be trouble with your network connection/,
      /RequestError: connect (?:ECONNREFUSED|ETIMEDOUT) (?<what>\S+)/,
      /Failed to (?:download|set up) (?<what>Chrome|Chromium|Cypress|Electron)\b/i,
      /dial tcp (?<what>\S+): (?:i\/o timeout|connect: connection refused|connect: network is unreachable)/,
      /Max retries exceeded with url/,
      /NewConnectionError\(.*Failed to establish a new connection/,
      /error sending request for url \((?<what>[^)]+)\)/,
      /failed to download from `(?<what>[^`]+)`/,
      /Could not transfer artifact \S+ from\/to \S+ \((?<what>\S+?)\):? .*(?:timed? ?out|refused|unreachable|reset)/i,
      /Connection refused.*(?<what>https?:\/\/\S+)/,
      /Could not connect to server.*(?<what>https?:\/\/\S+)/,
    ],
    unless: /:(?:5432|3306|6379|27017)\b/,
    message: "The network, and not the app: {what} could not be fetched",
    plain: "The network, and not the app: the package registry could not be reached",
  },
];
