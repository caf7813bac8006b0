import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const CALLS = 1_000_000;
/** One number kept a call would be 12 bytes at least: 12 MB. */
const TOLERATED_BYTES = 262_144;

/** Runs in a process of its own, so that nothing else allocates; counts until the compiler is done with the code. */
const program = (precision: string) => `
  import { getHeapStatistics } from "node:v8";
  import { EmotionNet, networkSpec } from "@emotionnet/core";
  import { randomModel } from "@emotionnet/core/testing";
  const net = await EmotionNet.load(randomModel(1, networkSpec([16, 8])), { kernel: "simd", precision: "${precision}" });
  const face = randomModel(2).shape.mean;
  const target = new Float32Array(net.classes.length);
  const used = () => getHeapStatistics().used_heap_size;
  let least = Infinity;
  for (let attempt = 0; attempt < 8 && Math.abs(least) > ${TOLERATED_BYTES}; attempt++) {
    globalThis.gc();
    const before = used();
    for (let call = 0; call < ${CALLS}; call++) net.classifyBatch(face, 1, target);
    least = used() - before;
  }
  console.log(JSON.stringify({ least, sum: target.reduce((sum, value) => sum + value, 0) }));
`;

/**
 * `classify` makes an object of each answer, so here the heap is weighed after a collection: answers that nobody keeps must
 * leave nothing behind.
 */
const answersProgram = `
  import { getHeapStatistics } from "node:v8";
  import { EmotionNet, networkSpec } from "@emotionnet/core";
  import { randomModel } from "@emotionnet/core/testing";
  const net = await EmotionNet.load(randomModel(1, networkSpec([16, 8])), { kernel: "simd" });
  const face = randomModel(2).shape.mean;
  const used = () => {
    globalThis.gc();
    return getHeapStatistics().used_heap_size;
  };
  let sum = 0;
  const classify = (calls) => {
    for (let call = 0; call < calls; call++) sum += net.classify(face).quality;
  };
  classify(100_000);
  const before = used();
  classify(${CALLS});
  console.log(JSON.stringify({ kept: used() - before, sum }));
`;

describe("memory of the classifier", () => {
  it.each(["f32", "int16"])(
    "does not grow over a million calls with a target, %s",
    async (precision) => {
      // The young generation is wide enough to hold a number a call, so no collection can hide an allocation.
      const flags = ["--expose-gc", "--max-semi-space-size=256", "--min-semi-space-size=256"];
      const args = [...flags, "--input-type=module", "--eval", program(precision)];
      const { stdout } = await promisify(execFile)(process.execPath, args);
      const { least, sum } = JSON.parse(stdout) as { least: number; sum: number };
      expect(sum).toBeCloseTo(1, 5);
      expect(Math.abs(least)).toBeLessThan(TOLERATED_BYTES);
    },
    120_000,
  );

  it("keeps nothing of a million answers of classify", async () => {
    const args = ["--expose-gc", "--input-type=module", "--eval", answersProgram];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const { kept, sum } = JSON.parse(stdout) as { kept: number; sum: number };
    expect(Number.isFinite(sum)).toBe(true);
    expect(kept).toBeLessThan(TOLERATED_BYTES);
  }, 120_000);
});
