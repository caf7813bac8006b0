import { describe, expect, it } from "vitest";
import { networkSpec } from "../network/spec.ts";
import { type DenseWeights, foldBatchNorm } from "../network/weights.ts";
import { randomModel, randomSource } from "../testing/random-model.ts";
import { createKernel, FACES_PER_RUN, type KernelChoice } from "./kernel.ts";

/** For kernels whose shape model is not asked. */
const { shape } = randomModel(0);

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
      const kernel = await createKernel({ layers, shape }, choice);
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
    const kernels = [
      await createKernel({ layers: large, shape }, choice),
      await createKernel({ layers: small, shape }, choice),
    ];
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

describe("inputs that no weight reads", () => {
  it.each([
    ["simd", "f32", 1e-5],
    ["simd", "int16", 0.01],
    ["scalar", "f32", 1e-5],
  ] as const)("do not matter: %s %s", async (choice, precision, tolerance) => {
    const random = randomSource(5);
    for (const unused of [34, 1, 77, 135]) {
      const layers = foldBatchNorm(randomModel(unused, networkSpec([40, 24])).layers);
      const { kernel, outputs } = layers[0]!;
      kernel.fill(0, 0, unused * outputs);
      const face = Float32Array.from({ length: 136 }, () => 2 * random() - 1);
      const classifier = await createKernel({ layers, shape }, choice, precision);
      for (const filler of [0, 1000]) {
        const changed = face.map((value, index) => (index < unused ? filler : value));
        classifier.input.set(changed, 0);
        classifier.input.set(changed, 136);
        classifier.run(2);
        const { output, outputStride } = classifier;
        expectedLogits(layers, Array.from(face)).forEach((logit, index) => {
          const allowed = tolerance * Math.max(1, Math.abs(logit));
          expect(Math.abs(output[index]! - logit)).toBeLessThan(allowed);
          expect(output[outputStride + index]).toBe(output[index]);
        });
      }
    }
  });

  it("may be all of them", async () => {
    const layer = {
      inputs: 136,
      outputs: 6,
      kernel: new Float32Array(816),
      bias: Float32Array.of(1, 2, 3, 4, 5, 6),
    };
    for (const precision of ["f32", "int16"] as const) {
      const classifier = await createKernel({ layers: [layer], shape }, "simd", precision);
      classifier.input.fill(3);
      classifier.run(1);
      expect(Array.from(classifier.output.subarray(0, 6))).toEqual([1, 2, 3, 4, 5, 6]);
    }
  });
});

describe("int16 kernel", () => {
  it("computes networks of any widths within the rounding of weights and activations", async () => {
    const random = randomSource(12);
    for (let seed = 0; seed < 20; seed++) {
      const hidden = Array.from({ length: seed % 4 }, () => 1 + Math.floor(random() * 300));
      const layers = foldBatchNorm(randomModel(seed, networkSpec(hidden)).layers);
      const kernel = await createKernel({ layers, shape }, "simd", "int16");
      expect(kernel.precision).toBe("int16");
      const faces = Array.from({ length: 3 }, () =>
        Array.from({ length: 136 }, () => (random() < 0.3 ? 0 : Math.fround(2 * random() - 1))),
      );
      kernel.input.set(faces.flat());
      kernel.run(faces.length);
      faces.forEach((face, index) => {
        const logits = kernel.output.subarray(index * kernel.outputStride).subarray(0, 6);
        expectedLogits(layers, face).forEach((logit, output) => {
          expect(Math.abs(logits[output]! - logit)).toBeLessThan(0.01 * Math.max(1, Math.abs(logit)));
        });
      });
    }
  });

  it("does not overflow when all weights and inputs are as large as they can be", async () => {
    const inputs = 2048;
    const kernel = new Float32Array(inputs * 8).fill(3);
    const layer = { inputs, outputs: 8, kernel, bias: new Float32Array(8).fill(0.5) };
    const classifier = await createKernel({ layers: [layer], shape }, "simd", "int16");
    for (const sign of [1, -1]) {
      classifier.input.fill(sign * 1e6);
      classifier.run(1);
      const wanted = sign * 3e6 * inputs;
      for (const logit of classifier.output.subarray(0, 8)) {
        expect(Math.abs(logit / wanted - 1)).toBeLessThan(0.002);
      }
    }
  });

  it("gives the bias for a face of zeros and keeps outputs whose weights are all zero", async () => {
    const layer = {
      inputs: 16,
      outputs: 6,
      kernel: new Float32Array(96),
      bias: Float32Array.of(1, 2, 3, 4, 5, 6),
    };
    const classifier = await createKernel({ layers: [layer], shape }, "simd", "int16");
    for (const value of [0, 7]) {
      classifier.input.fill(value);
      classifier.run(1);
      expect(Array.from(classifier.output.subarray(0, 6))).toEqual([1, 2, 3, 4, 5, 6]);
    }
  });

  it("is f32 on the scalar kernel", async () => {
    const layers = foldBatchNorm(randomModel(3, networkSpec([8])).layers);
    expect((await createKernel({ layers, shape }, "scalar", "int16")).precision).toBe("f32");
  });
});
