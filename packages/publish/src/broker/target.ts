/** What the address of a broker says. */

import { EmotionNetError, nearestWord } from "@emotionnet/core";

export type BrokerKind = "mqtt" | "redis" | "amqp" | "kafka";

export interface Host {
  readonly host: string;
  readonly port: number;
}

/** A broker and the place in it that messages go to. */
export interface Target {
  readonly kind: BrokerKind;
  /** The address without name and password: for people, and as the name of the spool. */
  readonly name: string;
  readonly isTls: boolean;
  /** One; several for Kafka. */
  readonly hosts: readonly Host[];
  readonly username?: string;
  readonly password?: string;
  /** Decoded, without the slash in front. */
  readonly path: string;
  readonly settings: Readonly<Record<string, string>>;
}

interface Scheme {
  readonly kind: BrokerKind;
  readonly isTls: boolean;
  readonly port: number;
}

const schemes: Readonly<Record<string, Scheme>> = {
  mqtt: { kind: "mqtt", isTls: false, port: 1883 },
  mqtts: { kind: "mqtt", isTls: true, port: 8883 },
  redis: { kind: "redis", isTls: false, port: 6379 },
  rediss: { kind: "redis", isTls: true, port: 6379 },
  amqp: { kind: "amqp", isTls: false, port: 5672 },
  amqps: { kind: "amqp", isTls: true, port: 5671 },
  kafka: { kind: "kafka", isTls: false, port: 9092 },
  kafkas: { kind: "kafka", isTls: true, port: 9093 },
};

/** What may follow the question mark. */
const settingNames: Readonly<Record<BrokerKind, readonly string[]>> = {
  mqtt: [],
  redis: ["stream", "maxlen"],
  amqp: ["queue", "exchange"],
  kafka: ["sasl"],
};

export const DEFAULT_NAME = "emotionnet";

/**
 * Reads `mqtt://host/topic`, `redis://host/database?stream=…`, `amqp://host/vhost?queue=…`, `kafka://host,host/topic`; with
 * `name:password@` before the host, a port behind it, and an `s` behind the scheme for TLS.
 * @throws EmotionNetError `usage`; the message repeats no password.
 */
export function readTarget(address: string): Target {
  const match = /^([a-z0-9+.-]+):\/\/(?:([^@/?#]*)@)?([^@/?#]*)(\/[^?]*)?(?:\?(.*))?$/i.exec(address);
  const scheme = schemes[match?.[1]?.toLowerCase() ?? ""];
  if (!match || !scheme) throw wrong(address, schemesWanted, schemeAdvice(match?.[1]));
  const [, , credentials, hosts = "", path = "", query = ""] = match;
  const target = {
    kind: scheme.kind,
    isTls: scheme.isTls,
    hosts: hosts.split(",").map((host) => readHost(address, host, scheme.port)),
    ...readCredentials(address, credentials),
    path: decoded(address, path.slice(1)),
    settings: readSettings(address, scheme.kind, query),
  };
  if (target.hosts.length > 1 && target.kind !== "kafka") {
    throw wrong(address, "one host", "Give --publish once for each broker.");
  }
  checkPlace(address, target);
  const places = target.hosts.map(({ host, port }) => `${host.includes(":") ? `[${host}]` : host}:${port}`);
  const name = `${match[1]!.toLowerCase()}://${places.join(",")}${path}${query && `?${query}`}`;
  return { name, ...target };
}

const schemesWanted =
  "mqtt://host/topic, redis://host?stream=name, amqp://host?queue=name or kafka://host/topic (with TLS: mqtts, rediss, amqps, kafkas)";

function schemeAdvice(scheme: string | undefined): string {
  if (scheme === undefined) return "Write the whole address, with :// in it.";
  const near = nearestWord(scheme, Object.keys(schemes));
  return near ? `Did you mean ${near}://?` : "Choose one of these.";
}

function readHost(address: string, text: string, defaultPort: number): Host {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/i.exec(text);
  const port = Number(match?.[3] ?? defaultPort);
  if (!match || port < 1 || port > 65535) {
    throw wrong(address, "a host, and a port from 1 to 65535 behind a colon if it is not the usual one", "");
  }
  return { host: match[1] ?? match[2]!, port };
}

function readCredentials(address: string, text: string | undefined): Pick<Target, "username" | "password"> {
  if (!text) return {};
  const [username = "", ...rest] = text.split(":");
  return {
    ...(username === "" ? {} : { username: decoded(address, username) }),
    ...(rest.length === 0 ? {} : { password: decoded(address, rest.join(":")) }),
  };
}

function readSettings(address: string, kind: BrokerKind, query: string): Record<string, string> {
  const known = settingNames[kind];
  const entries = [...new URLSearchParams(query)];
  for (const [name, value] of entries) {
    if (known.includes(name) && value !== "") continue;
    const wanted = known.length === 0 ? "nothing behind a question mark" : `${known.join("=… or ")}=… there`;
    const near = nearestWord(name, known);
    throw wrong(address, wanted, near && near !== name ? `Did you mean ${near}?` : "");
  }
  return Object.fromEntries(entries);
}

const saslMechanisms = ["plain", "scram-sha-256", "scram-sha-512"];

function checkPlace(address: string, { kind, path, settings }: Omit<Target, "name">): void {
  if (kind === "mqtt" && /[+#\0]/.test(path)) throw wrong(address, "a topic without + and #", "");
  if (kind === "redis" && !/^\d*$/.test(path)) {
    throw wrong(address, "the number of a database, if any, behind the host", "Name the stream by ?stream=…");
  }
  if (settings.maxlen !== undefined && !/^[1-9]\d*$/.test(settings.maxlen)) {
    throw wrong(address, "maxlen to be a whole number from 1", "");
  }
  if (settings.queue !== undefined && settings.exchange !== undefined) {
    throw wrong(address, "a queue or an exchange, not both", "");
  }
  if (kind === "kafka" && !/^[\w.-]{0,249}$/.test(path)) {
    throw wrong(address, "a topic of letters, digits, dots, - and _", "");
  }
  if (settings.sasl !== undefined && !saslMechanisms.includes(settings.sasl)) {
    throw wrong(address, `sasl to be ${saslMechanisms.join(", ")}`, "");
  }
}

function decoded(address: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrong(address, "every % followed by two hexadecimal digits", "A % itself is written %25.");
  }
}

function wrong(address: string, wanted: string, advice: string): EmotionNetError {
  const shown = JSON.stringify(address.replace(/\/\/.*@/, "//…@"));
  const mend = advice === "" ? "See docs/guide/publish.md." : advice;
  return new EmotionNetError("usage", { got: `the broker address ${shown}`, wanted, mend });
}
