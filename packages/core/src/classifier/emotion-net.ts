/** The classifier: landmarks in, expression out. */

import { EmotionNetError } from "../errors.ts";
import type { Model, ModelMetadata } from "../file/model.ts";
import { type ClassifierKernel, createKernel, type KernelChoice } from "../kernel/kernel.ts";
import type { Precision } from "../kernel/packing.ts";
import { fittedEyeDistance, normaliseInto } from "../landmarks/normalise.ts";
import { landmarkValues, type Points, toSchemeInto } from "../landmarks/scheme.ts";
import { foldBatchNorm } from "../network/weights.ts";
import { ClassifierPool, type PoolOptions } from "../pool/classifier-pool.ts";
import type { Classification } from "../results.ts";
import { ExpressionTrack, type TrackOptions } from "../temporal/expression-track.ts";
import { HYSTERESIS } from "../temporal/hysteresis.ts";
import { reasonToAbstain } from "./abstain.ts";
import { checkBatch, normaliseFace } from "./batch-faces.ts";
import { loadModel, type ModelSource } from "./load-model.ts";
import { fitQuality } from "./shape-quality.ts";
import { softmaxInto } from "./softmax.ts";

export interface LoadOptions {
  /** `auto` (default) takes WebAssembly SIMD where the runtime has it; `simd` and `scalar` force one. */
  readonly kernel?: KernelChoice;
  /**
   * `f32` (default) computes with the weights as stored. `int16` rounds weights and activations to whole numbers of 16 bits:
   * about twice as fast, logits differ in the second decimal; the scalar kernel keeps to `f32`.
   */
  readonly precision?: Precision;
}

export interface ClassifyOptions {
  /** `pixels`: the points are in pixels of a picture, so that faces too small to see are `too-small`. Default `any`. */
  readonly units?: "any" | "pixels";
}

/** A loaded model, ready to classify; synchronous, safe to share within one thread. */
export class EmotionNet {
  readonly model: Model;
  readonly #kernel: ClassifierKernel;
  /** Numbers in one face. */
  readonly #values: number;

  private constructor(model: Model, kernel: ClassifierKernel) {
    this.model = model;
    this.#kernel = kernel;
    this.#values = landmarkValues(model.metadata.scheme);
  }

  /**
   * @param source nothing for the default model; a path, a URL (http, https, data, file), the bytes of a file, or a model.
   * @throws EmotionNetError `model-not-found`, or what `readModel` throws for a file that is no valid model.
   */
  static async load(source?: ModelSource, options: LoadOptions = {}): Promise<EmotionNet> {
    const model = await loadModel(source);
    const parts = { layers: foldBatchNorm(model.layers), shape: model.shape };
    return new EmotionNet(model, await createKernel(parts, options.kernel, options.precision));
  }

  /** Class names in the order of every output. */
  get classes(): readonly string[] {
    return this.model.metadata.spec.classes;
  }

  get metadata(): ModelMetadata {
    return this.model.metadata;
  }

  /** What computes: `simd` or `scalar`. */
  get kernelName(): "simd" | "scalar" {
    return this.#kernel.name;
  }

  /** How it computes: `int16` only where it was asked for and the kernel is `simd`. */
  get precision(): Precision {
    return this.#kernel.precision;
  }

  /**
   * One face → its answer. Probabilities and confidence are given also when the answer is `unknown`: landmarks of a
   * quality below the model's threshold are `occluded`, a head turned beyond its threshold is `profile`, a largest probability
   * below its threshold is `low-confidence`; in pixels, eyes closer together than its threshold are `too-small`.
   * @param points 68, 80, 104, 468 or 478 points, flat or as pairs, any unit, y down; a model of 80 or 104 points wants as many.
   * @throws EmotionNetError `landmarks-count`, `landmarks-not-finite` or `landmarks-degenerate`.
   */
  classify(points: Points, { units = "any" }: ClassifyOptions = {}): Classification {
    const { classes } = this;
    const { shape, metadata } = this.model;
    const kernel = this.#kernel;
    this.#runOne(points);
    const { output } = kernel;
    softmaxInto(output, 0, output, 0, classes.length, metadata.temperature);
    const best = indexOfLargest(output, classes.length);
    const confidence = output[best]!;
    const probabilities = named(classes, output);
    const fit = kernel.fitShape();
    const quality = fitQuality(shape, fit);
    const reason = reasonToAbstain(metadata.abstain, {
      confidence,
      quality,
      yaw: fit.yaw,
      size: units === "pixels" ? fittedEyeDistance() : undefined,
    });
    return reason
      ? { expression: "unknown", confidence, probabilities, quality, reason }
      : { expression: classes[best]!, confidence, probabilities, quality };
  }

  /**
   * Many faces → Float32Array(count × classes) of probabilities, one row a face, equal to those of `classify`.
   * Allocates nothing for a face, and nothing at all when `target` is given.
   * @param flat count × 136 values: x, y of 68 points, face after face; more for a model of a larger scheme.
   * @param target takes the result and is returned; at least count × classes long.
   * @throws EmotionNetError `landmarks-count`; `landmarks-not-finite` or `landmarks-degenerate` naming the face.
   */
  classifyBatch(flat: ArrayLike<number>, count: number, target?: Float32Array): Float32Array {
    const width = this.classes.length;
    checkBatch(flat, count, this.#values);
    const probabilities = target ?? new Float32Array(count * width);
    if (probabilities.length < count * width) throw targetTooSmall(probabilities.length, count * width);
    const { input, output, outputStride, capacity } = this.#kernel;
    const { temperature } = this.metadata;
    for (let start = 0; start < count; start += capacity) {
      const faces = Math.min(capacity, count - start);
      for (let face = 0; face < faces; face++) normaliseFace(input, face, flat, start + face, this.#values);
      this.#kernel.run(faces);
      for (let face = 0; face < faces; face++) {
        softmaxInto(probabilities, (start + face) * width, output, face * outputStride, width, temperature);
      }
    }
    return probabilities;
  }

  /**
   * Workers that share batches of this network between them; close it after use.
   * @throws EmotionNetError `usage` for a number of threads that is none; `engine` where the host has no workers, does not
   * start them, or has no WebAssembly SIMD.
   */
  pool(options: PoolOptions): Promise<ClassifierPool> {
    return ClassifierPool.start(this.#kernel, this.metadata, options);
  }

  /** One face → Float32Array(classes) of logits, before temperature and softmax. Throws like `classify`. */
  logits(points: Points): Float32Array {
    this.#runOne(points);
    return this.#kernel.output.slice(0, this.classes.length);
  }

  /**
   * Follows one face through time; one track a face. The label never dares more than the model's own threshold of
   * confidence allows. See `ExpressionTrack` for how to push frames.
   * @throws EmotionNetError `usage` for options out of range.
   */
  track(options: TrackOptions = {}): ExpressionTrack<string> {
    const { confidence } = this.metadata.abstain;
    const enter = Math.max(HYSTERESIS.enter, confidence);
    const leave = Math.max(HYSTERESIS.leave, confidence);
    const own = { ...options, hysteresis: { enter, leave, ...options.hysteresis } };
    return new ExpressionTrack(this.classes, own, this.metadata.scheme);
  }

  #runOne(points: Points): void {
    const { input } = this.#kernel;
    toSchemeInto(input, points, this.metadata.scheme);
    normaliseInto(input, 0, input, 0, this.#values);
    this.#kernel.run(1);
  }
}

function named(classes: readonly string[], values: Float32Array): Record<string, number> {
  const record: Record<string, number> = {};
  for (let index = 0; index < classes.length; index++) record[classes[index]!] = values[index]!;
  return record;
}

function indexOfLargest(values: Float32Array, count: number): number {
  let best = 0;
  for (let index = 1; index < count; index++) {
    if (values[index]! > values[best]!) best = index;
  }
  return best;
}

function targetTooSmall(got: number, wanted: number): EmotionNetError {
  return new EmotionNetError("usage", {
    got: `a target of ${got} values`,
    wanted: `at least ${wanted}: faces × classes`,
    mend: "Make the target larger, or leave it out.",
  });
}
