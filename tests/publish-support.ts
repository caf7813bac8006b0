/** What is published in tests, and what is asked of every broker. */

import { readFileSync } from "node:fs";
import { EXPRESSIONS, type FaceResult, type SourceResult } from "@emotionnet/core";
import { type DeliveryNotice, type Message, Publisher, type PublisherOptions } from "@emotionnet/publish";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { expect } from "vitest";

/** The schema in the package, made strict: a field that it does not describe is an error. */
export function messageSchema(): ValidateFunction {
  const path = new URL("../packages/publish/schema/message-1.schema.json", import.meta.url);
  const strict = JSON.parse(readFileSync(path, "utf8"), (_, value) =>
    value?.type === "object" && value.properties && Object.keys(value.properties).length > 0 && value.required
      ? { additionalProperties: false, ...value }
      : value,
  );
  return new Ajv2020({ strict: true, strictRequired: false, formats: { "date-time": isTime } }).compile(
    strict,
  );
}

const isTime = (text: string) => new Date(text).toISOString() === text;

export function frameOf(source: string, frame: number, isLive = false): SourceResult {
  const landmarks = Array.from({ length: 68 }, (_, point) => [point + frame / 100, 200 - point] as const);
  const share = 1 / EXPRESSIONS.length;
  const face: FaceResult = {
    box: { x: 1, y: 2, width: 300, height: 400 },
    score: 0.98,
    track: "abcde",
    landmarks,
    pose: { yaw: 1, pitch: 2, roll: 3 },
    quality: 0.9,
    expression: "unknown",
    reason: "unstable",
    confidence: share,
    probabilities: Object.fromEntries(EXPRESSIONS.map((name) => [name, share])),
  };
  const result = { source, frame, time: frame / 30, width: 640, height: 480, faces: [face] };
  // As if it had been lost before every frame but the first.
  const missed = { seconds: 1.5, frames: 29, estimated: true };
  return isLive ? { ...result, dropped: 0, ...(frame === 0 ? {} : { missed }) } : result;
}

/** A publisher that does not wait long, and what it has told. */
export async function openPublisher(
  url: string | readonly string[],
  options: PublisherOptions & { spool: string },
): Promise<{ publisher: Publisher; notices: DeliveryNotice[] }> {
  const notices: DeliveryNotice[] = [];
  const publisher = await Publisher.open(url, {
    reconnectDelay: 100,
    onNotice: (notice) => void notices.push(notice),
    ...options,
  });
  return { publisher, notices };
}

/** Publishes frames `from` to `to`, at a pace that leaves time for something to happen in between. */
export async function publishFrames(
  publisher: Publisher,
  source: string,
  from: number,
  to: number,
): Promise<void> {
  for (let frame = from; frame < to; frame++) {
    await publisher.add(frameOf(source, frame));
    if (frame % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Until the broker has acknowledged so many. */
export async function published(publisher: Publisher, count: number): Promise<void> {
  await expect.poll(() => publisher.counts[0]!.published, { timeout: 90_000 }).toBeGreaterThanOrEqual(count);
}

/** All frames are there, each with one id and one text however often it came; whoever keeps ids has each once, in order. */
export function expectEachOnce(texts: readonly string[], frames: number): void {
  const byId = new Map<string, Set<string>>();
  for (const text of texts) {
    const { id } = JSON.parse(text) as Message;
    byId.set(id, (byId.get(id) ?? new Set()).add(text));
  }
  expect([...byId.values()].filter(({ size }) => size > 1)).toEqual([]);
  const first = [...byId.values()].map(([text]) => JSON.parse(text!) as Message);
  const numbers = first.map(({ data }) => (data as { frame: number }).frame);
  expect(numbers).toEqual(Array.from({ length: frames }, (_, frame) => frame));
}
