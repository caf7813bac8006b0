/** How the figures fall when points get noisier or go missing. */

import { LANDMARK_COUNT, type Model, outerEyeDistance } from "@emotionnet/core";
import { type Dataset, faceAt } from "../dataset/dataset.ts";
import { selectSamples } from "../dataset/select.ts";
import { spreadIndices } from "../dataset/spread-indices.ts";
import { countAbstentions, judgeFaces } from "../evaluate/abstention.ts";
import { confusionMatrix, scoreConfusion } from "../evaluate/metrics.ts";
import { Random } from "../generator/random.ts";
import { fillMissingPoints } from "../labels/missing-points.ts";

/** Standard deviation of the added noise on each coordinate, in percent of the outer-eye distance. */
export const NOISE_STEPS = [0, 1, 2, 4, 8] as const;
/** Points left out and put where the mean face has them. */
export const MISSING_STEPS = [0, 5, 10, 20] as const;
/** Of larger sets so many faces, spread over the whole. */
const MOST_FACES = 2000;

export interface RobustnessCell {
  readonly noisePercent: number;
  readonly missingPoints: number;
  readonly accuracy: number;
  readonly macroF1: number;
  /** Share of faces that the model would not answer, 0..1. */
  readonly abstained: number;
}

export interface Robustness {
  readonly faces: number;
  /** Noise outside, missing points inside. */
  readonly cells: readonly RobustnessCell[];
}

/** Forced answers and abstentions for every step of noise and missing points; the same seed gives the same figures. */
export async function measureRobustness(
  model: Model,
  dataset: Dataset,
  seed: number,
  onCell?: (done: number, total: number) => void,
): Promise<Robustness> {
  const sample = evenly(dataset, MOST_FACES);
  const cells: RobustnessCell[] = [];
  for (const noisePercent of NOISE_STEPS) {
    for (const missingPoints of MISSING_STEPS) {
      const faces = await judgeFaces(model, worsened(sample, noisePercent / 100, missingPoints, seed));
      const matrix = confusionMatrix(
        faces.map(({ label }) => label),
        faces.map(({ answer }) => answer),
        dataset.classes.length,
      );
      const { accuracy, average } = scoreConfusion(matrix, dataset.classes);
      const { abstained } = countAbstentions(faces, model.metadata.abstain);
      cells.push({ noisePercent, missingPoints, accuracy, macroF1: average.f1, abstained });
      onCell?.(cells.length, NOISE_STEPS.length * MISSING_STEPS.length);
    }
  }
  return { faces: sample.count, cells };
}

/** At most `most` samples, spread over the set. */
export function evenly(dataset: Dataset, most: number): Dataset {
  return dataset.count <= most ? dataset : selectSamples(dataset, spreadIndices(dataset.count, most));
}

function worsened(dataset: Dataset, noise: number, missing: number, seed: number): Dataset {
  const copy = { ...dataset, landmarks: Float32Array.from(dataset.landmarks) };
  for (let face = 0; face < dataset.count; face++) {
    const points = faceAt(copy, face);
    const random = new Random(seed, face);
    const spread = noise * outerEyeDistance(points);
    const known = new Uint8Array(LANDMARK_COUNT).fill(1);
    for (let left = missing; left > 0; ) {
      const point = Math.floor(random.uniform(0, LANDMARK_COUNT));
      if (known[point] === 0) continue;
      known[point] = 0;
      left--;
    }
    for (let index = 0; index < points.length; index++) points[index]! += random.normal(spread);
    if (missing > 0) fillMissingPoints(points, known);
  }
  return copy;
}
