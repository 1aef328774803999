import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePorts } from "./free-port.ts";
import { startGuarded, type GuardedProcess } from "./guard.ts";
import { exists, mavenLibraries } from "./maven.ts";
import { waitFor } from "./wait-for.ts";

const run = promisify(execFile);
const javaFlags = ["-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"];

export interface KafkaBroker extends AsyncDisposable {
  /** `host:port` to connect to. */
  readonly address: string;
  /** SIGKILL, as a crash would; the data stay. */
  kill(): Promise<void>;
  /** Starts again on the same port with the same data. */
  start(): Promise<void>;
}

/** Starts a real single-node Apache Kafka (KRaft) on a free port, with its data in `dir`. It dies with this process. Needs Java 17 and, the first time, Maven. */
export async function startKafka(options: { dir: string }): Promise<KafkaBroker> {
  const { folder, classPath } = await mavenLibraries("kafka");
  const { dir } = options;
  let process: GuardedProcess | undefined;
  let address = "";
  const start = async (): Promise<void> => {
    process = await launch(dir, classPath);
  };
  for (let attempt = 1; address === ""; attempt++) {
    const [port = 0, controllerPort = 0] = await freePorts(2);
    await writeConfiguration(dir, port, controllerPort);
    await format(dir, await template(folder, classPath, dir));
    try {
      await start();
      address = `127.0.0.1:${port}`;
    } catch (error) {
      // A free port can be taken before the broker binds it.
      if (attempt === 3) throw error;
      await rm(join(dir, "data"), { recursive: true, force: true });
    }
  }
  const kill = async (): Promise<void> => process?.stop();
  return { address, kill, start, [Symbol.asyncDispose]: kill };
}

async function launch(dir: string, classPath: string): Promise<GuardedProcess> {
  const log = join(dir, `kafka-${randomUUID()}.log`);
  const broker = startGuarded(
    "java",
    [...javaArguments(dir, classPath), "kafka.Kafka", join(dir, "server.properties")],
    {
      log,
    },
  );
  try {
    await waitFor(
      "the Kafka broker to start",
      async () => broker.ended || (await readFile(log, "utf8")).includes("Kafka Server started"),
      { timeoutMs: 60_000, everyMs: 20 },
    );
    if (broker.ended) throw new Error("It ended at once");
    return broker;
  } catch (cause) {
    await broker.stop();
    const tail = (await readFile(log, "utf8")).slice(-2000);
    throw new Error(`The Kafka broker did not start. Its last output:\n${tail}`, { cause });
  }
}

function javaArguments(dir: string, classPath: string): string[] {
  return [...javaFlags, `-Dlog4j2.configurationFile=${join(dir, "log4j2.yaml")}`, "-cp", classPath];
}

/** A formatted, empty storage folder, made once and copied for each broker: formatting takes a start of Java. */
async function template(folder: string, classPath: string, dir: string): Promise<string> {
  const made = `${folder}-template`;
  if (await exists(made)) return made;
  await run("java", [
    ...javaArguments(dir, classPath),
    "kafka.tools.StorageTool",
    "format",
    "-t",
    "MkU3OEVBNTcwNTJENDM2Qk",
    "-c",
    join(dir, "server.properties"),
  ]);
  const partial = `${made}.${randomUUID()}`;
  await cp(join(dir, "data"), partial, { recursive: true });
  await rm(join(dir, "data"), { recursive: true });
  await rename(partial, made).catch(() => rm(partial, { recursive: true, force: true }));
  return made;
}

async function format(dir: string, from: string): Promise<void> {
  if (!(await exists(join(dir, "data", "meta.properties")))) await cp(from, join(dir, "data"), { recursive: true });
}

async function writeConfiguration(dir: string, port: number, controllerPort: number): Promise<void> {
  await mkdir(dir, { recursive: true });
  const properties: Record<string, string | number> = {
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.voters": `1@127.0.0.1:${controllerPort}`,
    "controller.listener.names": "CONTROLLER",
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    "advertised.listeners": `PLAINTEXT://127.0.0.1:${port}`,
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "inter.broker.listener.name": "PLAINTEXT",
    "log.dirs": join(dir, "data"),
    "auto.create.topics.enable": "false",
    "offsets.topic.replication.factor": 1,
    "offsets.topic.num.partitions": 1,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "transaction.state.log.num.partitions": 1,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    "group.initial.rebalance.delay.ms": 0,
    // A killed broker can come back after this long.
    "broker.session.timeout.ms": 1000,
    "broker.heartbeat.interval.ms": 200,
    "num.network.threads": 2,
    "num.io.threads": 2,
    "background.threads": 2,
    "log.segment.bytes": 16_777_216,
    "log.index.size.max.bytes": 1_048_576,
    "controlled.shutdown.enable": "false",
  };
  const lines = Object.entries(properties).map(([name, value]) => `${name}=${value}`);
  await writeFile(join(dir, "server.properties"), `${lines.join("\n")}\n`);
  await writeFile(join(dir, "log4j2.yaml"), logging);
}

const logging = `Configuration:
  Appenders:
    Console: { name: STDOUT, PatternLayout: { pattern: "[%d] %p %m (%c)%n" } }
  Loggers:
    Root: { level: WARN, AppenderRef: [{ ref: STDOUT }] }
    Logger: [{ name: kafka.server.KafkaRaftServer, level: INFO }]
`;
