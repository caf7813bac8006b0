/** How well the shape model explains a face: worked out in a block of numbers, here or by assembly/shape.ts. */

import type { ShapeModel } from "../file/model.ts";
import { LANDMARK_COUNT, LANDMARK_VALUES } from "../landmarks/scheme.ts";

/** Where landmarks lie against the shape model. */
export interface ShapeFit {
  /** Root-mean-square distance a point to the nearest shape of the model. */
  readonly residual: number;
  /**
   * How unusual that nearest shape is: √(Σ (componentᵢ · d)² / varianceᵢ / components), the Mahalanobis distance inside the
   * components; about 1 for ordinary faces, 0 for a model without variances.
   */
  readonly distance: number;
  /**
   * Yaw of the head in degrees by the model's linear estimate, signs as in `Pose`, within ±90; undefined for a model without
   * one. Errs by about 5° (one sigma) up to 45° and tells profiles (60° and more) from the rest; 75° and 90° look alike to it.
   */
  readonly yaw: number | undefined;
}

/** Components that lie side by side: the kernel multiplies so many at once. */
const TILE = 8;

/**
 * A block holds, in double precision: 136 pairs of a value of d = x − mean and its share in the yaw, a pair of 0 and the yaw of the
 * mean, the mean, a pair of |d|² and the yaw, tiles of eight components that lie side by side, value by value (zero where there
 * are no more), and their products with d.
 */
const START = 2 * LANDMARK_VALUES;
const MEAN = START + 2;
const SUMS = MEAN + LANDMARK_VALUES;
const COMPONENTS = SUMS + 2;

function productsAt(tiles: number): number {
  return COMPONENTS + tiles * TILE * LANDMARK_VALUES;
}

/** Tiles in the block of a shape model, at least one. */
export function shapeTiles({ componentCount }: ShapeModel): number {
  return Math.max(Math.ceil(componentCount / TILE), 1);
}

/** Numbers in the block of a shape model. */
export function shapeBlockLength(shape: ShapeModel): number {
  return productsAt(shapeTiles(shape)) + shapeTiles(shape) * TILE;
}

/** Writes a shape model into its block of zeros. */
export function packShape(
  { mean, components, componentCount, plausibility }: ShapeModel,
  block: Float64Array,
): void {
  block.set(mean, MEAN);
  plausibility?.turn.forEach((share, index) => {
    block[2 * index + 1] = share;
  });
  for (let index = 0; index < componentCount * LANDMARK_VALUES; index++) {
    const value = index % LANDMARK_VALUES;
    const component = (index - value) / LANDMARK_VALUES;
    const place = component % TILE;
    block[COMPONENTS + (component - place) * LANDMARK_VALUES + value * TILE + place] = components[index]!;
  }
}

/**
 * Splits d at the components, which are orthonormal: residual = √((|d|² − Σ (componentᵢ · d)²) / 68).
 * @param block with the products of a face
 */
export function fitOfBlock(shape: ShapeModel, block: Float64Array): ShapeFit {
  const { componentCount, plausibility } = shape;
  const products = productsAt(shapeTiles(shape));
  let squares = block[SUMS]!;
  let unusual = 0;
  for (let component = 0; component < componentCount; component++) {
    const square = block[products + component]! ** 2;
    squares -= square;
    if (plausibility) unusual += square / plausibility.variances[component]!;
  }
  return {
    residual: Math.sqrt(Math.max(squares, 0) / LANDMARK_COUNT),
    distance: Math.sqrt(unusual / Math.max(componentCount, 1)),
    yaw: plausibility && Math.max(-90, Math.min(90, block[SUMS + 1]!)),
  };
}

/** Blocks of models that were fitted before. */
const blocks = new WeakMap<ShapeModel, Float64Array>();

/**
 * Fits the shape model, which must not change after its first use, to a face.
 * @param offset where the 136 values start in `normalised`.
 */
export function fitShape(shape: ShapeModel, normalised: ArrayLike<number>, offset = 0): ShapeFit {
  let block = blocks.get(shape);
  if (!block) {
    block = new Float64Array(shapeBlockLength(shape));
    packShape(shape, block);
    blocks.set(shape, block);
  }
  subtractMean(block, normalised, offset);
  multiplyTiles(block, productsAt(shapeTiles(shape)));
  return fitOfBlock(shape, block);
}

/** Writes d, |d|² and the yaw. */
function subtractMean(block: Float64Array, normalised: ArrayLike<number>, offset: number): void {
  let squares = 0;
  let yaw = block[START + 1]!;
  for (let index = 0; index < LANDMARK_VALUES; index++) {
    const difference = normalised[offset + index]! - block[MEAN + index]!;
    block[2 * index] = difference;
    squares += difference * difference;
    yaw += difference * block[2 * index + 1]!;
  }
  block[SUMS] = squares;
  block[SUMS + 1] = yaw;
}

/** Writes the products: four sums at once, half a tile, so that none waits for another. */
function multiplyTiles(block: Float64Array, products: number): void {
  for (let product = products; product < block.length; product += 4) {
    const first = product - products;
    const place = first % TILE;
    let at = COMPONENTS + (first - place) * LANDMARK_VALUES + place;
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    for (let pair = 0; pair < START; pair += 2) {
      const difference = block[pair]!;
      sum0 += difference * block[at]!;
      sum1 += difference * block[at + 1]!;
      sum2 += difference * block[at + 2]!;
      sum3 += difference * block[at + 3]!;
      at += TILE;
    }
    block[product] = sum0;
    block[product + 1] = sum1;
    block[product + 2] = sum2;
    block[product + 3] = sum3;
  }
}
