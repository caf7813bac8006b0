/** MQTT 5, quality of service 1: every message is acknowledged by the broker. */

import mqtt, { type IConnackPacket, type MqttClient } from "mqtt";
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

/** Reason codes of CONNACK by which the broker says no to this client. */
const badCredentials = [0x86, 0x87, 0x8c];
const unsupportedVersion = 0x84;
/** Messages that the broker takes without having answered; what the standard says when the broker says nothing. */
const usualAllowance = 65_535;
/** Bytes of a PUBLISH beside topic and payload, with room to spare. */
const packetOverhead = 256;

/** Each message goes to the topic of the address, and below it that of its kind: `emotionnet/frame`. */
export async function connectMqtt(target: Target, tls: TlsOptions): Promise<Connection> {
  const { client, properties = {} } = await opened(target, tls);
  const { maximumPacketSize: largest = Number.POSITIVE_INFINITY, receiveMaximum = usualAllowance } =
    properties;
  const topic = target.path || DEFAULT_NAME;
  let isOpen = true;
  const lost = new Promise<never>((_, reject) => {
    client.once("close", () => {
      isOpen = false;
      reject(new Error("the connection was closed"));
    });
  });
  lost.catch(() => {});

  async function publish({ message, text }: Outgoing): Promise<void> {
    await client.publishAsync(`${topic}/${message.kind}`, text, {
      qos: 1,
      properties: {
        contentType: "application/json",
        payloadFormatIndicator: true,
        userProperties: { id: message.id, kind: message.kind },
      },
    });
  }

  return {
    get isOpen() {
      return isOpen;
    },
    async send(messages) {
      const isTooLarge = ({ text }: Outgoing) => Buffer.byteLength(text) + packetOverhead > largest;
      const sendable = messages.filter((message) => !isTooLarge(message));
      for (let first = 0; first < sendable.length; first += receiveMaximum) {
        const sent = sendable.slice(first, first + receiveMaximum).map(publish);
        await Promise.race([Promise.all(sent), lost]);
      }
      return messages.flatMap((message, place) => (isTooLarge(message) ? [place] : []));
    },
    async close() {
      await client.endAsync(true);
    },
  };
}

async function opened(
  target: Target,
  tls: TlsOptions,
): Promise<{ client: MqttClient; properties: IConnackPacket["properties"] }> {
  const [{ host, port }] = target.hosts as [Target["hosts"][0]];
  const client = mqtt.connect({
    protocol: target.isTls ? "mqtts" : "mqtt",
    host,
    port,
    protocolVersion: 5,
    clientId: `emotionnet-${crypto.randomUUID().slice(0, 13)}`,
    clean: true,
    reconnectPeriod: 0,
    connectTimeout: CONNECT_TIMEOUT,
    keepalive: KEEP_ALIVE_SECONDS,
    ...(target.isTls ? trustOf(tls) : {}),
    ...(target.username === undefined ? {} : { username: target.username }),
    ...(target.password === undefined ? {} : { password: target.password }),
  });
  try {
    const connack = await new Promise<IConnackPacket>((resolve, reject) => {
      client.once("connect", resolve);
      client.once("error", reject);
      client.once("close", () => reject(new Error("the broker closed the connection")));
    });
    client.on("error", () => {});
    return { client, properties: connack.properties };
  } catch (error) {
    client.on("error", () => {});
    client.end(true);
    const { code, message } = error as { code?: unknown; message: string };
    if (badCredentials.includes(code as number)) throw refused(target, message, CHECK_CREDENTIALS);
    if (code === unsupportedVersion) throw refused(target, message, "MQTT 5 is needed.");
    throw notConnected(target, error);
  }
}
