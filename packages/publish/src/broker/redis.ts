/** Redis Streams: every message is an entry that stays until it is trimmed, for any number of readers. */

import { createClient, ErrorReply } from "@redis/client";
import {
  CHECK_CREDENTIALS,
  CONNECT_TIMEOUT,
  type Connection,
  notConnected,
  refused,
  type TlsOptions,
  trustOf,
} from "./connection.ts";
import { DEFAULT_NAME, type Target } from "./target.ts";

/** Each message is an entry with the fields `id`, `kind` and `message` (the JSON). */
export async function connectRedis(target: Target, tls: TlsOptions): Promise<Connection> {
  const client = await opened(target, tls);
  const { stream = DEFAULT_NAME, maxlen } = target.settings;
  const trimming = maxlen === undefined ? [] : ["MAXLEN", "~", maxlen];
  return {
    get isOpen() {
      return client.isReady;
    },
    async send(messages) {
      const fields = messages.map(({ message, text }) => [
        "id",
        message.id,
        "kind",
        message.kind,
        "message",
        text,
      ]);
      await Promise.all(
        fields.map((entry) => client.sendCommand(["XADD", stream, ...trimming, "*", ...entry])),
      );
      return [];
    },
    async close() {
      if (client.isOpen) client.destroy();
    },
  };
}

async function opened(target: Target, tls: TlsOptions) {
  const [{ host, port }] = target.hosts as [Target["hosts"][0]];
  const socket = { host, port, connectTimeout: CONNECT_TIMEOUT, reconnectStrategy: false } as const;
  const client = createClient({
    socket: target.isTls ? { ...socket, tls: true as const, ...trustOf(tls) } : socket,
    // Older servers and most substitutes know this version only.
    RESP: 2,
    disableOfflineQueue: true,
    ...(target.username === undefined ? {} : { username: target.username }),
    ...(target.password === undefined ? {} : { password: target.password }),
    ...(target.path === "" ? {} : { database: Number(target.path) }),
  });
  client.on("error", () => {});
  try {
    await client.connect();
    // A server with a password lets anybody connect, and says no to what comes next.
    await client.sendCommand(["PING"]);
    return client;
  } catch (error) {
    if (client.isOpen) client.destroy();
    const message = (error as Error).message;
    const isDenied = /^(NOAUTH|WRONGPASS|NOPERM)|invalid password|without any password/i.test(message);
    if (isDenied) throw refused(target, message, CHECK_CREDENTIALS);
    if (error instanceof ErrorReply && /DB index/i.test(message)) {
      throw refused(target, message, "Check the number of the database behind the host.");
    }
    throw notConnected(target, error);
  }
}
