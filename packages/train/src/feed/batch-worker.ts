/** The thread that makes batches ahead of the step: one for each piece of memory it is given, in the order of its steps. */

import { parentPort, workerData } from "node:worker_threads";
import { type Batch, type BatchJob, BatchMaker } from "./batch-maker.ts";

export interface WorkerTask {
  readonly job: BatchJob;
  /** Steps `first`, `first + stride`, … below `end`. */
  readonly first: number;
  readonly stride: number;
  readonly end: number;
  /** Batches that may wait for the step. */
  readonly ahead: number;
}

const { job, first, stride, end, ahead } = workerData as WorkerTask;
const port = parentPort!;
const maker = new BatchMaker(job);
let step = first;

function makeNext(memory: Pick<Batch, "inputs" | "targets">): void {
  if (step >= end) return;
  const batch = maker.make(step, memory);
  step += stride;
  port.postMessage(batch, [batch.inputs.buffer as ArrayBuffer, batch.targets.buffer as ArrayBuffer]);
}

port.on("message", makeNext);
for (let count = 0; count < ahead; count++) makeNext(maker.memory());
