/** Flags of `analyze --publish` that need reading. */

import type { MessageKind } from "@emotionnet/publish";
import { InvalidArgumentError, Option } from "commander";

/** Those of `@emotionnet/publish`, which is loaded only when something is published. */
const kinds: readonly MessageKind[] = ["frame", "event", "summary", "error"];

/** Given once for each broker. */
export function publishOption(): Option {
  return new Option(
    "--publish <url>",
    "also send results to a broker: mqtt://host/topic, redis://host, amqp://host, kafka://host/topic; may be repeated",
  ).argParser((url: string, before: readonly string[] | undefined) => [...(before ?? []), url]);
}

/** `event,summary` → its kinds. */
export function messageKinds(text: string): MessageKind[] {
  const named = text.split(",").map((kind) => kind.trim());
  const wrong = named.find((kind) => !(kinds as readonly string[]).includes(kind));
  if (wrong !== undefined) {
    throw new InvalidArgumentError(`Wanted ${kinds.join(", ")}, or several with commas between.`);
  }
  return named as MessageKind[];
}
