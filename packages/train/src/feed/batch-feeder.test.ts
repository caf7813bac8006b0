import { describe, expect, it } from "vitest";
import { normalisedLandmarks } from "../dataset/normalised-landmarks.ts";
import { generateFaces } from "../generator/generate-faces.ts";
import { targetRows } from "../step/softmax-cross-entropy.ts";
import { BatchFeeder } from "./batch-feeder.ts";
import { type BatchJob, BatchMaker, type TrainingFaces } from "./batch-maker.ts";

const faces = generateFaces({ persons: 6, samplesPerPerson: 12, seed: 3 });
const shared = new Float32Array(new SharedArrayBuffer(4 * faces.landmarks.length));

const sources: Record<string, TrainingFaces> = {
  "stored faces": { kind: "stored", landmarks: normalisedLandmarks(faces, shared), labels: faces.labels },
  "drawn faces": { kind: "drawn", sets: [{ persons: 6, samplesPerPerson: 12, seed: 3 }] },
};

const jobOf = (source: TrainingFaces): BatchJob => ({
  faces: source,
  rows: targetRows(6, { labelSmoothing: 0.1 }),
  batchSize: 20,
  stepsPerEpoch: 3,
  augmentation: { flip: true, pointNoise: 0.01 },
  network: { inputs: 136, hidden: [8, 4], dropout: 0.2 },
  seed: 5,
});

describe("BatchFeeder", () => {
  it.each(Object.keys(sources))("gives the same batches of %s from any number of threads", async (name) => {
    const job = jobOf(sources[name]!);
    const maker = new BatchMaker(job);
    for (const threads of [1, 2]) {
      // Beginning within an epoch, as a resumed run does, and going over its end.
      const feeder = new BatchFeeder({ job, first: 1, end: 8, threads });
      try {
        for (let step = 1; step < 8; step++) {
          const batch = await feeder.next();
          expect(batch).toEqual(maker.make(step, maker.memory()));
          feeder.giveBack(batch);
        }
      } finally {
        await feeder.close();
      }
    }
  });

  it("shows every stored face once an epoch, and drawn faces anew in each", () => {
    const plain = { augmentation: { flip: false, pointNoise: 0 }, batchSize: 72, stepsPerEpoch: 1 };
    const epochsOf = (name: string) => {
      const maker = new BatchMaker({ ...jobOf(sources[name]!), ...plain });
      return [0, 1].map((step) => {
        const { inputs } = maker.make(step, maker.memory());
        return Array.from({ length: 72 }, (_, row) =>
          inputs.subarray(136 * row, 136 * row + 136).join(),
        ).sort();
      });
    };
    const [stored, again] = epochsOf("stored faces");
    expect(again).toEqual(stored);
    expect(new Set(stored).size).toBe(72);
    const [drawn, later] = epochsOf("drawn faces");
    expect(drawn).toEqual(stored);
    expect(later!.filter((face) => drawn!.includes(face))).toEqual([]);
  });
});
