/** The client of each kind of broker, loaded when its address is used. */

import type { Connection, TlsOptions } from "./connection.ts";
import type { Target } from "./target.ts";

/**
 * Connects to a broker.
 * @throws EmotionNetError `broker-refused` when it says no, `broker-unreachable` when it does not answer.
 */
export async function connectTo(target: Target, tls: TlsOptions): Promise<Connection> {
  switch (target.kind) {
    case "mqtt":
      return (await import("./mqtt.ts")).connectMqtt(target, tls);
    case "redis":
      return (await import("./redis.ts")).connectRedis(target, tls);
    case "amqp":
      return (await import("./amqp.ts")).connectAmqp(target, tls);
    case "kafka":
      return (await import("./kafka.ts")).connectKafka(target, tls);
  }
}
