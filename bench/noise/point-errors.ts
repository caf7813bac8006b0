/** Errors of read points against known ones, gathered over many readings. */

import { normalise, normalisingSimilarity, PARTS } from "@emotionnet/core";

/** Parts whose two sides, or two lines, are told together. */
const GROUPS = {
  jaw: ["jaw"],
  brows: ["rightBrow", "leftBrow"],
  nose: ["nose"],
  eyes: ["rightEye", "leftEye"],
  mouth: ["outerLip", "innerLip"],
} as const satisfies Record<string, readonly (keyof typeof PARTS)[]>;
export type Group = keyof typeof GROUPS;
export const GROUP_NAMES = Object.keys(GROUPS) as Group[];

/** Errors of one group of points, in outer-eye distances of the frontal face, along one axis (root mean squares). */
export interface GroupNoise {
  /** What is the same in every reading: a habit, not noise. */
  readonly constant: number;
  /** Each point around its part. */
  readonly single: number;
  /** A part as a whole. */
  readonly whole: number;
}

/** Distances whose slope tells how much of a real difference between faces is left. */
const MEASURES = {
  mouthOpening: [[62, 66]],
  mouthWidth: [[48, 54]],
  eyeOpening: [
    [37, 41],
    [38, 40],
    [43, 47],
    [44, 46],
  ],
  browHeight: [
    [19, 37],
    [24, 44],
  ],
} as const satisfies Record<string, readonly (readonly [number, number])[]>;
export type Measure = keyof typeof MEASURES;
export const MEASURE_NAMES = Object.keys(MEASURES) as Measure[];

/**
 * Gathers readings of one condition. Both point lists are normalised first (place, size and roll fitted to the inner
 * points), as the classifier does.
 */
export class PointErrors {
  readonly #errors: Float64Array[] = [];
  readonly #pairs = new Map<Measure, [truth: number, read: number][]>(
    MEASURE_NAMES.map((name) => [name, []]),
  );

  /** @param unit outer-eye distance of the same head seen from the front, in pixels of `truth`. */
  add(truth: Float32Array, read: Float32Array, unit: number): void {
    const { a, b } = normalisingSimilarity(truth);
    const scale = 1 / (unit * Math.hypot(a, b));
    const [wanted, got] = [normalise(truth), normalise(read)];
    this.#errors.push(Float64Array.from(got, (value, index) => (value - wanted[index]!) * scale));
    for (const name of MEASURE_NAMES) {
      this.#pairs.get(name)!.push([measured(wanted, name) * scale, measured(got, name) * scale]);
    }
  }

  get count(): number {
    return this.#errors.length;
  }

  noise(group: Group): GroupNoise {
    const mean = this.#errors[0]!.map(
      (_, index) => this.#errors.reduce((sum, error) => sum + error[index]!, 0) / this.#errors.length,
    );
    const sums = { constant: 0, single: 0, whole: 0, count: 0 };
    for (const part of GROUPS[group]) {
      const [start, end] = PARTS[part];
      for (const error of this.#errors) {
        for (const axis of [0, 1]) {
          const indices = Array.from({ length: end - start }, (_, step) => 2 * (start + step) + axis);
          const varying = indices.map((index) => error[index]! - mean[index]!);
          const whole = meanOf(varying);
          sums.whole += whole ** 2;
          sums.single += meanOf(varying.map((value) => (value - whole) ** 2));
          sums.constant += meanOf(indices.map((index) => mean[index]! ** 2));
          sums.count++;
        }
      }
    }
    const root = (sum: number) => Math.sqrt(sum / sums.count);
    return { constant: root(sums.constant), single: root(sums.single), whole: root(sums.whole) };
  }

  /** Slope of the read measure against the true one (least squares): 1 keeps every difference, 0 draws all faces alike. */
  slope(name: Measure): number {
    const pairs = this.#pairs.get(name)!;
    const [truth, read] = [meanOf(pairs.map(([value]) => value)), meanOf(pairs.map(([, value]) => value))];
    const together = meanOf(pairs.map(([x, y]) => (x - truth) * (y - read)));
    return together / meanOf(pairs.map(([x]) => (x - truth) ** 2));
  }

  /** Mean read minus mean true measure, in outer-eye distances. */
  shift(name: Measure): number {
    return meanOf(this.#pairs.get(name)!.map(([truth, read]) => read - truth));
  }
}

function measured(points: Float32Array, name: Measure): number {
  return meanOf(
    MEASURES[name].map(([from, to]) =>
      Math.hypot(points[2 * to]! - points[2 * from]!, points[2 * to + 1]! - points[2 * from + 1]!),
    ),
  );
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
