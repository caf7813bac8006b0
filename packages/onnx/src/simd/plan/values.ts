/** Values of a planned graph: where they lie while it runs. */

/** Numbers in an array of their own, row by row. */
export interface Plain {
  readonly layout: "plain";
  readonly dims: readonly number[];
  data: Float32Array;
  /** Whether every run brings an array of its own as `data`: steps must read it anew. */
  readonly isFed: boolean;
}

/**
 * A map of shape [images, channels, height, width] in the kernel's memory, pixel by pixel with a border of zeros around it.
 * Strides and addresses are bytes.
 */
export interface FeatureMap {
  readonly layout: "map";
  readonly dims: readonly [images: number, channels: number, height: number, width: number];
  readonly pixel: number;
  readonly row: number;
  readonly image: number;
  /** The first channel of the first pixel, inside the border. */
  readonly origin: number;
}

export type Value = Plain | FeatureMap;

/** Rows above, columns before, rows below and columns after a map. */
export type Border = readonly [top: number, left: number, bottom: number, right: number];

export const FLOAT_BYTES = 4;

/** Whole vectors of four. */
export function inFours(count: number): number {
  return Math.ceil(count / 4) * 4;
}

export function sameDims(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}
