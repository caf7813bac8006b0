/** What a worker thread runs: one pair of networks, and the streams that the main thread gives it. */

import { parentPort, workerData } from "node:worker_threads";
import { EmotionNet } from "@emotionnet/core";
import { FaceReader } from "@emotionnet/vision";
import type { FromThread, ThreadData, ToThread } from "./messages.ts";
import { failureOf, StreamRunner } from "./stream-runner.ts";

const { model, precision, settings } = workerData as ThreadData;
const port = parentPort!;
const tell = (message: FromThread) => port.postMessage(message);

const early: ToThread[] = [];
let handle = (message: ToThread): void => {
  early.push(message);
};
port.on("message", (message: ToThread) => handle(message));

try {
  const net = await EmotionNet.load(model, { precision });
  const reader = await FaceReader.create(settings);
  const runner = new StreamRunner({ reader, net, settings, tell });
  handle = (message) => {
    if (message.kind !== "close") return runner.handle(message);
    port.close();
    void reader.close();
  };
  for (const message of early) handle(message);
} catch (error) {
  tell({ kind: "unusable", failure: failureOf(error) });
  port.close();
}
