/** How far the activations of a network reach, measured on faces: what int8 needs to know. */

import { EmotionNetError, type Model } from "@emotionnet/core";
import { createSession } from "@emotionnet/onnx";
import { activationGraph, activationName, CLASSIFIER_INPUT } from "./classifier-graph.ts";

/** For the input of each layer after the first, the magnitude that int8's largest value stands for; larger ones are cut to it. */
export type CalibrationRanges = readonly number[];

export interface CalibrateOptions {
  /** (count × inputs of the network) landmarks like those that the model will get, any unit. */
  readonly landmarks: Float32Array;
  /** Faces in a run; default 256. */
  readonly batchSize?: number;
  readonly onProgress?: (progress: { done: number; total: number; label: string }) => void;
  readonly signal?: AbortSignal;
}

const BINS = 2048;
const DEFAULT_BATCH = 256;
/** Candidates for the cut: this many equal parts of the largest magnitude. */
const CANDIDATES = 128;
const STEPS = 127;

/**
 * The range of each hidden activation that loses least: of all cuts, the one with the smallest mean squared difference
 * between a magnitude and its nearest int8 step (as in "post-training quantisation by minimal error", e.g. Krishnamoorthi,
 * arXiv:1806.08342, section 3.1), over histograms of the faces given.
 * @throws EmotionNetError `dataset-empty` without faces, `landmarks-not-finite` for faces without a shape.
 */
export async function calibrate(model: Model, options: CalibrateOptions): Promise<CalibrationRanges> {
  const { landmarks, batchSize = DEFAULT_BATCH, onProgress, signal } = options;
  const values = model.metadata.spec.inputs;
  const total = landmarks.length / values;
  if (total === 0) {
    throw new EmotionNetError("dataset-empty", {
      got: "no face to calibrate with",
      wanted: "some hundred",
      mend: "Name another file with --cal_data_file.",
    });
  }
  if (model.layers.length === 1) return [];
  const histograms = model.layers.slice(1).map(() => new MagnitudeHistogram());
  const session = await createSession(activationGraph(model));
  try {
    for (let start = 0; start < total; start += batchSize) {
      signal?.throwIfAborted();
      const end = Math.min(start + batchSize, total);
      const rows = landmarks.subarray(start * values, end * values);
      const input = session.tensor("float32", [end - start, 1, values, 1], rows);
      const outputs = await session.run({ [CLASSIFIER_INPUT]: input });
      for (const [index, histogram] of histograms.entries()) {
        histogram.add(outputs[activationName(index + 1)]!.data as Float32Array);
      }
      onProgress?.({ done: end, total, label: "Calibrating" });
    }
  } finally {
    await session.release();
  }
  return histograms.map((histogram) => histogram.bestRange());
}

/** Magnitudes counted in equal bins; the range doubles when a larger one comes. Zeros cost nothing in any range and are left out. */
class MagnitudeHistogram {
  readonly #counts = new Float64Array(BINS);
  #range = 2 ** -10;

  add(values: Float32Array): void {
    for (const value of values) {
      const magnitude = Math.abs(value);
      if (!Number.isFinite(magnitude)) {
        throw new EmotionNetError("landmarks-not-finite", {
          got: "a calibration face whose activations are no numbers",
          wanted: "68 finite points that do not coincide",
          mend: "Take damaged faces out of the calibration file.",
        });
      }
      if (magnitude === 0) continue;
      while (magnitude >= this.#range) this.#double();
      this.#counts[Math.floor((magnitude / this.#range) * BINS)]! += 1;
    }
  }

  /** The cut with the smallest sum of squared errors; 1 when everything was zero. */
  bestRange(): number {
    let last = BINS - 1;
    while (last >= 0 && this.#counts[last] === 0) last--;
    if (last < 0) return 1;
    const largest = ((last + 1) / BINS) * this.#range;
    let best = { range: largest, error: Number.POSITIVE_INFINITY };
    for (let candidate = CANDIDATES; candidate >= 1; candidate--) {
      const range = (largest * candidate) / CANDIDATES;
      const error = this.#error(range, best.error);
      if (error < best.error) best = { range, error };
    }
    return best.range;
  }

  #error(range: number, enough: number): number {
    const step = range / STEPS;
    let sum = 0;
    for (let bin = 0; bin < BINS && sum < enough; bin++) {
      const magnitude = ((bin + 0.5) / BINS) * this.#range;
      const nearest = Math.min(Math.round(magnitude / step), STEPS) * step;
      sum += this.#counts[bin]! * (magnitude - nearest) ** 2;
    }
    return sum;
  }

  #double(): void {
    for (let bin = 0; bin < BINS / 2; bin++) {
      this.#counts[bin] = this.#counts[2 * bin]! + this.#counts[2 * bin + 1]!;
    }
    this.#counts.fill(0, BINS / 2);
    this.#range *= 2;
  }
}
