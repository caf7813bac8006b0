/** AMQP 0-9-1 (RabbitMQ): durable queue, persistent messages, confirmed by the broker, returned when no queue takes them. */

import amqplib, { type ChannelModel, type ConfirmChannel } from "amqplib";
import {
  CHECK_CREDENTIALS,
  CONNECT_TIMEOUT,
  type Connection,
  KEEP_ALIVE_SECONDS,
  notConnected,
  type Outgoing,
  refused,
  type TlsOptions,
  trustOf,
} from "./connection.ts";
import { DEFAULT_NAME, type Target } from "./target.ts";

/** Reply codes of AMQP. */
const accessRefused = 403;
const notFound = 404;

const CHECK_HOST = "Check the virtual host behind the slash: %2Fname for /name, nothing for / alone.";

/** Messages go straight to a queue, or to a topic exchange with the routing key `emotionnet.frame` and so on. */
export async function connectAmqp(target: Target, tls: TlsOptions): Promise<Connection> {
  const connection = await opened(target, tls);
  let isOpen = true;
  let channel: ConfirmChannel;
  const lost = new Promise<never>((_, reject) => {
    const lose = (error?: Error) => {
      isOpen = false;
      reject(error ?? new Error("the connection was closed"));
    };
    connection.on("error", lose);
    connection.on("close", lose);
  });
  lost.catch(() => {});
  try {
    await Promise.race([declare(connection, target), lost]);
    channel = await Promise.race([connection.createConfirmChannel(), lost]);
  } catch (error) {
    connection.close().catch(() => {});
    throw whyNot(target, error);
  }
  let returned = 0;
  const { queue = DEFAULT_NAME, exchange } = target.settings;
  channel.on("return", () => returned++);
  channel.on("error", () => {});
  channel.on("close", () => {
    isOpen = false;
  });

  function publish({ message, text }: Outgoing): void {
    const key = exchange === undefined ? queue : `${DEFAULT_NAME}.${message.kind}`;
    channel.publish(exchange ?? "", key, Buffer.from(text), {
      persistent: true,
      mandatory: true,
      messageId: message.id,
      type: message.kind,
      contentType: "application/json",
    });
  }

  return {
    get isOpen() {
      return isOpen;
    },
    async send(messages) {
      returned = 0;
      for (const message of messages) publish(message);
      await Promise.race([channel.waitForConfirms(), lost]);
      if (returned > 0) throw new Error(`no queue takes ${returned} of ${messages.length} messages`);
      return [];
    },
    async close() {
      await connection.close();
    },
  };
}

async function opened(target: Target, tls: TlsOptions): Promise<ChannelModel> {
  const [{ host, port }] = target.hosts as [Target["hosts"][0]];
  try {
    return await amqplib.connect(
      {
        protocol: target.isTls ? "amqps" : "amqp",
        hostname: host,
        port,
        username: target.username ?? "guest",
        password: target.password ?? "guest",
        vhost: target.path || "/",
        heartbeat: KEEP_ALIVE_SECONDS,
      },
      { timeout: CONNECT_TIMEOUT, noDelay: true, ...(target.isTls ? trustOf(tls) : {}) },
    );
  } catch (error) {
    throw whyNot(target, error);
  }
}

/** Queue or exchange as it is, or a durable one; asked for first, as whoever may not make one may still use it. */
async function declare(connection: ChannelModel, { settings }: Target): Promise<void> {
  const { queue = DEFAULT_NAME, exchange } = settings;
  const isThere = await onChannel(connection, (channel) =>
    exchange === undefined ? channel.checkQueue(queue) : channel.checkExchange(exchange),
  ).then(
    () => true,
    (error) => {
      if ((error as { code?: number }).code !== notFound) throw error;
      return false;
    },
  );
  if (isThere) return;
  await onChannel(connection, (channel) =>
    exchange === undefined
      ? channel.assertQueue(queue, { durable: true })
      : channel.assertExchange(exchange, "topic", { durable: true }),
  );
}

/** A channel of its own, since a refusal closes the channel. */
async function onChannel(
  connection: ChannelModel,
  ask: (channel: ConfirmChannel) => Promise<unknown>,
): Promise<void> {
  const channel = await connection.createConfirmChannel();
  channel.on("error", () => {});
  await ask(channel);
  await channel.close();
}

function whyNot(target: Target, error: unknown): Error {
  const { message, code } = error as { message: string; code?: unknown };
  if (/ACCESS_REFUSED|ACCESS-REFUSED/.test(message) || code === accessRefused) {
    return refused(target, withoutPrefix(message), CHECK_CREDENTIALS);
  }
  // The client keeps to itself why a broker closes instead of opening the virtual host; being unknown or closed is why.
  if (/ConnectionOpenOk; got <ConnectionClose/.test(message)) {
    const host = JSON.stringify(target.path || "/");
    return refused(target, `the virtual host ${host} is unknown or closed to this user`, CHECK_HOST);
  }
  return notConnected(target, error);
}

function withoutPrefix(message: string): string {
  return message.replace(/^.*?with message "(.*)"$/s, "$1");
}
