/** The client of each kind of broker, loaded when its address is used. */

import type { Connection } from "./connection.ts";
import type { Target } from "./target.ts";

/**
 * Connects to a broker.
 * @throws EmotionNetError `broker-refused` when it says no, `broker-unreachable` when it does not answer.
 */
export async function connectTo(target: Target): Promise<Connection> {
  switch (target.kind) {
    case "mqtt":
      return (await import("./mqtt.ts")).connectMqtt(target);
    case "redis":
      return (await import("./redis.ts")).connectRedis(target);
    case "amqp":
      return (await import("./amqp.ts")).connectAmqp(target);
    case "kafka":
      return (await import("./kafka.ts")).connectKafka(target);
  }
}
