/** Kafka: every message is acknowledged by all in-sync replicas of its partition. */

import { Kafka, logLevel, Partitioners, type Producer, type SASLOptions } from "kafkajs";
import {
  CHECK_CREDENTIALS,
  CONNECT_TIMEOUT,
  type Connection,
  notConnected,
  type Outgoing,
  reasonOf,
  refused,
  type TlsOptions,
  trustOf,
} from "./connection.ts";
import { DEFAULT_NAME, type Target } from "./target.ts";

const allReplicas = -1;

/** Messages of one source have one key, so that they stay in order; `id` and `kind` are headers, too. */
export async function connectKafka(target: Target, tls: TlsOptions): Promise<Connection> {
  const producer = await opened(target, tls);
  const topic = target.path || DEFAULT_NAME;
  let isOpen = true;
  producer.on(producer.events.DISCONNECT, () => {
    isOpen = false;
  });

  const send = (messages: readonly Outgoing[]) =>
    producer.send({
      topic,
      acks: allReplicas,
      messages: messages.map(({ message, text }) => ({
        key: message.source,
        value: text,
        headers: { id: message.id, kind: message.kind, "content-type": "application/json" },
      })),
    });

  /** One by one, to find out which of them it is. */
  async function sendApart(messages: readonly Outgoing[]): Promise<number[]> {
    const tooLarge: number[] = [];
    for (const [place, message] of messages.entries()) {
      try {
        await send([message]);
      } catch (error) {
        if (!isTooLarge(error)) throw error;
        tooLarge.push(place);
      }
    }
    return tooLarge;
  }

  return {
    get isOpen() {
      return isOpen;
    },
    async send(messages) {
      try {
        await send(messages);
        return [];
      } catch (error) {
        if (isTooLarge(error)) return sendApart(messages);
        throw error;
      }
    },
    async close() {
      await producer.disconnect();
    },
  };
}

async function opened(target: Target, tls: TlsOptions): Promise<Producer> {
  const sasl = saslOf(target);
  const kafka = new Kafka({
    clientId: DEFAULT_NAME,
    brokers: target.hosts.map(({ host, port }) => `${host}:${port}`),
    ssl: target.isTls && trustOf(tls),
    connectionTimeout: CONNECT_TIMEOUT,
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
    ...(sasl ? { sasl } : {}),
  });
  const producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    // A topic that is made by its first message has no leader for a moment; whatever lasts longer is the spool's business.
    retry: { retries: 3, initialRetryTime: 200 },
  });
  try {
    await producer.connect();
    return producer;
  } catch (error) {
    producer.disconnect().catch(() => {});
    if (/SASL/.test(`${(error as Error).name} ${reasonOf(error)}`)) {
      throw refused(target, reasonOf(error), CHECK_CREDENTIALS);
    }
    throw notConnected(target, error);
  }
}

function saslOf({ username, password = "", settings }: Target): SASLOptions | undefined {
  if (username === undefined) return undefined;
  return { mechanism: (settings.sasl ?? "plain") as "plain", username, password };
}

function isTooLarge(error: unknown): boolean {
  const { type, cause } = error as { type?: string; cause?: unknown };
  if (type === "MESSAGE_TOO_LARGE" || type === "RECORD_LIST_TOO_LARGE") return true;
  return cause !== undefined && cause !== error && isTooLarge(cause);
}
