import { describe, expect, it } from "vitest";
import { networkSpec } from "../network/spec.ts";
import { type DenseWeights, foldBatchNorm } from "../network/weights.ts";
import { randomModel, randomSource } from "../testing/random-model.ts";
import { createKernel, FACES_PER_RUN, type KernelChoice } from "./kernel.ts";

/** The formula, one sum after the other in double precision. */
function expectedLogits(layers: readonly DenseWeights[], input: readonly number[]): number[] {
  return layers.reduce<number[]>(
    (values, { outputs, kernel, bias }, index) => {
      const activated = index === 0 ? values : values.map((value) => Math.max(value, 0));
      return Array.from(bias, (start, output) =>
        activated.reduce((sum, value, row) => sum + value * kernel[row * outputs + output]!, start),
      );
    },
    [...input],
  );
}

describe.each<KernelChoice>(["simd", "scalar"])("%s kernel", (choice) => {
  it("computes networks of any widths", async () => {
    const random = randomSource(11);
    for (let seed = 0; seed < 30; seed++) {
      const hidden = Array.from({ length: seed % 4 }, () => 1 + Math.floor(random() * 90));
      const classes = Array.from({ length: 2 + (seed % 9) }, (_, index) => `${index}`);
      const layers = foldBatchNorm(randomModel(seed, networkSpec(hidden, { classes })).layers);
      const kernel = await createKernel(layers, choice);
      expect(kernel.name).toBe(choice);
      const count = 1 + Math.floor(random() * FACES_PER_RUN);
      const faces = Array.from({ length: count }, () =>
        Array.from({ length: 136 }, () => (random() < 0.3 ? 0 : Math.fround(2 * random() - 1))),
      );
      kernel.input.set(faces.flat());
      kernel.run(count);
      faces.forEach((face, index) => {
        const start = index * kernel.outputStride;
        const logits = Array.from(kernel.output.subarray(start, start + classes.length));
        expectedLogits(layers, face).forEach((logit, output) => {
          expect(Math.abs(logits[output]! - logit)).toBeLessThan(1e-5 * Math.max(1, Math.abs(logit)));
        });
      });
    }
  });

  it("runs a network larger than one page of memory and keeps two networks apart", async () => {
    const large = foldBatchNorm(randomModel(1, networkSpec([512, 512, 512, 512, 512])).layers);
    const small = foldBatchNorm(randomModel(2, networkSpec([7])).layers);
    const kernels = [await createKernel(large, choice), await createKernel(small, choice)];
    const input = Array.from({ length: 136 }, (_, index) => Math.sin(index));
    for (const kernel of kernels) kernel.input.set(input);
    for (const kernel of kernels) kernel.run(1);
    [large, small].forEach((layers, index) => {
      const logits = kernels[index]!.output.subarray(0, 6);
      expectedLogits(layers, Array.from(Float32Array.from(input))).forEach((logit, output) => {
        expect(logits[output]).toBeCloseTo(logit, 4);
      });
    });
  });
});
