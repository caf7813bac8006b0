/** Real brokers from the packages of the system, on loopback, each with its own ports and folder, kept by the test alone. */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, vi } from "vitest";
import { outcome } from "./cli-support.ts";

export interface Broker {
  /** Without a scheme: host and port. */
  readonly place: string;
  /** Starts it, or starts it again with what it has on disk; resolves when it takes connections. */
  start(): Promise<void>;
  /** kill -9, by its number. */
  kill(): Promise<void>;
  /** At the end of the tests: also what it needed around it. */
  stop(): Promise<void>;
  /** Stops it in the middle of whatever it does, without closing a connection; and lets it go on. */
  freeze(): void;
  thaw(): void;
}

const waiting = { timeout: 90_000, interval: 100 };

// Debian keeps servers where the PATH of ordinary users does not lead.
process.env.PATH += `${delimiter}/usr/sbin`;

/** Empty where the program is installed; else why its tests are left out, for their names. */
export function without(program: string): string {
  const found = spawnSync("sh", ["-c", `command -v ${program}`]).status === 0 || existsSync(program);
  return found
    ? ""
    : ` (skipped: no ${program.split("/").at(-1)} on this machine; scripts/setup-system installs it)`;
}

/** A folder that goes away after the tests of the file. */
export function brokerFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "emotionnet-brokers-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/**
 * Below the ports that the system gives to outgoing connections: one of those could come to lie on it while a broker is
 * killed and not yet back.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false)).listen(port, "127.0.0.1", () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

async function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.on("close", () => {}).setTimeout(1000, () => socket.destroy());
    socket.once("connect", () => socket.destroy());
  });
}

/**
 * The broker that all tests of a file use, started before them and stopped after them.
 * @param program without which they are left out: then `missing` says so, and there is no broker.
 */
export async function brokerOfFile<Kind extends { start?(): Promise<void>; stop(): Promise<void> }>(
  program: string,
  make: (folder: string) => Promise<Kind>,
): Promise<{ missing: string; folder: string; broker: Kind }> {
  const missing = without(program);
  const folder = brokerFolder();
  const broker = missing ? undefined : await make(join(folder, "broker"));
  beforeAll(() => broker?.start?.());
  afterAll(() => broker?.stop());
  // The tests that use it are left out where it is missing.
  return { missing, folder, broker: broker as Kind };
}

interface Running {
  readonly child: ChildProcess;
  /** Of the process that does the work. */
  pid(): number;
}

function brokerOf(port: number, launch: () => Running): Broker {
  let running: Running | undefined;
  const send = (signal: NodeJS.Signals) => {
    if (running) process.kill(running.pid(), signal);
  };
  // A test that is broken off leaves no broker behind.
  process.once("exit", () => {
    try {
      send("SIGKILL");
    } catch {
      // It has gone already.
    }
  });
  const kill = async () => {
    if (!running) return;
    const { child } = running;
    send("SIGKILL");
    running = undefined;
    if (child.exitCode === null && child.signalCode === null) {
      await new Promise((resolve) => child.once("exit", resolve));
    }
  };
  return {
    place: `127.0.0.1:${port}`,
    kill,
    stop: kill,
    async start() {
      running = launch();
      const { child } = running;
      await vi.waitUntil(async () => child.exitCode !== null || (await accepts(port)), waiting);
      if (child.exitCode !== null) throw new Error(`The broker ended with ${child.exitCode}.`);
    },
    freeze: () => send("SIGSTOP"),
    thaw: () => send("SIGCONT"),
  };
}

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Running {
  const child = spawn(program, args, { stdio: "ignore", env });
  return { child, pid: () => child.pid! };
}

export interface TlsFiles {
  /** Paths of PEM files: of the authority, of the server that it vouches for, and of that one's key. */
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/**
 * An authority, and a certificate of its for a server at this name or address, made by openssl.
 * @param server as openssl writes it: "IP:127.0.0.1".
 */
export function makeCertificates(folder: string, server = "IP:127.0.0.1"): TlsFiles {
  mkdirSync(folder, { recursive: true });
  const [authority, authorityKey] = [join(folder, "ca.pem"), join(folder, "ca.key")];
  const [certificate, key] = [join(folder, "server.pem"), join(folder, "server.key")];
  const fresh = [
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-days",
    "2",
  ];
  const signed = ["-CA", authority, "-CAkey", authorityKey, "-addext", `subjectAltName=${server}`];
  for (const rest of [
    ["-subj", "/CN=test authority", "-keyout", authorityKey, "-out", authority],
    ["-subj", "/CN=test broker", "-keyout", key, "-out", certificate, ...signed],
  ]) {
    const { status, stderr } = spawnSync("openssl", [...fresh, ...rest], { encoding: "utf8" });
    if (status !== 0) throw new Error(`openssl ended with ${status}: ${stderr}`);
  }
  return { authority, certificate, key };
}

/** Saves after every change; its clients' windows are unlimited, so that what it has acknowledged is under way to them. */
export async function mosquitto(folder: string, lines: readonly string[] = []): Promise<Broker> {
  const port = await freePort();
  const isRoot = process.getuid?.() === 0;
  const settings = [
    `listener ${port} 127.0.0.1`,
    ...(isRoot ? ["user root"] : []),
    "persistence true",
    `persistence_location ${folder}/`,
    "autosave_interval 1",
    "autosave_on_changes true",
    "max_inflight_messages 0",
    "max_queued_messages 0",
    ...(lines.length > 0 ? lines : ["allow_anonymous true"]),
  ];
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "mosquitto.conf");
  writeFileSync(path, `${settings.join("\n")}\n`);
  return brokerOf(port, () => run("mosquitto", ["-c", path]));
}

/** Every entry is on the disk before it is acknowledged. */
export async function redisServer(
  folder: string,
  args: readonly string[] = [],
  tls?: TlsFiles,
): Promise<Broker> {
  const port = await freePort();
  mkdirSync(folder, { recursive: true });
  const durable = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""];
  const own = ["--bind", "127.0.0.1", ...redisPorts(port, tls), "--dir", folder];
  return brokerOf(port, () => run("redis-server", [...own, ...durable, ...args]));
}

function redisPorts(port: number, tls: TlsFiles | undefined): string[] {
  if (!tls) return ["--port", String(port)];
  const { certificate, key, authority } = tls;
  const files = ["--tls-cert-file", certificate, "--tls-key-file", key, "--tls-ca-cert-file", authority];
  return ["--port", "0", "--tls-port", String(port), "--tls-auth-clients", "no", ...files];
}

export const rabbitProgram = "/usr/lib/rabbitmq/bin/rabbitmq-server";

/** With its own name, folders, ports and port mapper; nothing of the system's service is used. */
export async function rabbitmq(folder: string, tls?: TlsFiles): Promise<Broker> {
  const [port, distribution, mapper] = [await freePort(), await freePort(), await freePort()];
  mkdirSync(folder, { recursive: true });
  const pidFile = join(folder, "pid");
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: folder,
    RABBITMQ_NODENAME: `emotionnet-${port}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: "127.0.0.1",
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_MNESIA_BASE: join(folder, "mnesia"),
    RABBITMQ_LOG_BASE: join(folder, "log"),
    RABBITMQ_PID_FILE: pidFile,
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, "plugins"),
    RABBITMQ_CONF_ENV_FILE: "/dev/null",
    RABBITMQ_CONFIG_FILE: join(folder, "rabbitmq"),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, "advanced"),
    ERL_EPMD_PORT: String(mapper),
    ERL_EPMD_ADDRESS: "127.0.0.1",
  };
  if (tls) {
    // With TLS on the port, and nothing beside it.
    const settings = [
      "listeners.tcp = none",
      `listeners.ssl.default = 127.0.0.1:${port}`,
      `ssl_options.certfile = ${tls.certificate}`,
      `ssl_options.keyfile = ${tls.key}`,
      "ssl_options.verify = verify_none",
    ];
    writeFileSync(join(folder, "rabbitmq.conf"), `${settings.join("\n")}\n`);
    env.RABBITMQ_CONFIG_FILE = join(folder, "rabbitmq.conf");
    env.RABBITMQ_NODE_PORT = undefined;
    env.RABBITMQ_NODE_IP_ADDRESS = undefined;
  }
  const epmd = spawn("epmd", ["-port", String(mapper), "-address", "127.0.0.1"], { stdio: "ignore" });
  const broker = brokerOf(port, () => {
    rmSync(pidFile, { force: true });
    const { child } = run(rabbitProgram, [], env);
    // The program is a script that starts Erlang, which writes down its number.
    return { child, pid: () => Number(readFileSync(pidFile, "utf8")) };
  });
  return {
    ...broker,
    async stop() {
      epmd.kill("SIGKILL");
      await broker.stop();
    },
  };
}

export interface MockKafka {
  readonly port: number;
  /** All messages of a topic: headers, key and value, in the order of each partition. */
  read(topic: string): Promise<{ headers: string; key: string; value: string }[]>;
  kill(): Promise<void>;
  stop(): Promise<void>;
  freeze(): void;
  thaw(): void;
}

/**
 * The mock cluster of librdkafka, Kafka's C client, started by its own command kcat: the protocol is real, with acknowledgements
 * and partitions; what it has is in memory only, and its port is its own choice.
 */
export async function mockKafka(): Promise<MockKafka> {
  // kcat reads from a topic that stays empty, to stay there.
  const args = ["-b", "unused", "-X", "test.mock.num.brokers=1", "-d", "mock", "-C", "-t", "idle"];
  const child = spawn("kcat", args, { stdio: ["ignore", "ignore", "pipe"] });
  process.once("exit", () => child.kill("SIGKILL"));
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    if (said.length < 10_000) said += text;
  });
  const address = /bootstrap\.servers=127\.0\.0\.1:(\d+)/;
  await vi.waitUntil(() => address.test(said), waiting);
  const port = Number(address.exec(said)![1]);
  const kill = async () => {
    child.kill("SIGKILL");
    if (child.signalCode === null) await new Promise((resolve) => child.once("exit", resolve));
  };
  return {
    port,
    kill,
    stop: kill,
    async read(topic) {
      const format = ["-f", "%h\\t%k\\t%s\\n"];
      const from = ["-b", `127.0.0.1:${port}`, "-C", "-t", topic, "-o", "beginning", "-e", "-q", ...format];
      // Not while everything else stands still: the cluster waits when nobody takes what it says.
      const { stdout, status, stderr } = await outcome(spawn("kcat", from));
      if (status !== 0) throw new Error(`kcat ended with ${status}: ${stderr}`);
      const lines = stdout.split("\n").filter((line) => line !== "");
      return lines.map((line) => {
        const [headers, key, value] = line.split("\t") as [string, string, string];
        return { headers, key, value };
      });
    },
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
  };
}

/** One address for whatever is behind it now. */
export async function relay(): Promise<{ port: number; lead(port: number): void; close(): void }> {
  let behind: number | undefined;
  const server = createServer((socket) => {
    const next = behind === undefined ? undefined : connect(behind, "127.0.0.1");
    socket.on("error", () => next?.destroy()).on("close", () => next?.destroy());
    next?.on("error", () => socket.destroy()).on("close", () => socket.destroy());
    if (next) socket.pipe(next).pipe(socket);
    else socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    lead(port) {
      behind = port;
    },
    close: () => void server.close(),
  };
}
