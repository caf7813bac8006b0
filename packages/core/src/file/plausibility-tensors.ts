/** The part of a model file that tells faces from other points: three tensors, all present or none. */

import { EmotionNetError } from "../errors.ts";
import { LANDMARK_VALUES } from "../landmarks/scheme.ts";
import type { Plausibility, ShapeLimits } from "./model.ts";
import type { Tensor } from "./safetensors.ts";

const VARIANCES = "shape/variances";
const TURN = "shape/turn";
const LIMITS = "shape/limits";
/** Columns of `shape/limits`: yaw, typical and worst residual, typical and worst distance. */
const LIMIT_COLUMNS = 5;

type Take = (name: string, size: readonly number[], type?: Tensor["type"]) => Tensor["data"];

/** Tensors by name, none for a model without. */
export function plausibilityTensors(
  plausibility: Plausibility | undefined,
): [name: string, tensor: Tensor][] {
  if (!plausibility) return [];
  const { variances, turn, limits } = plausibility;
  const rows = limits.flatMap(({ yaw, residual, distance }) => [yaw, ...residual, ...distance]);
  return [
    [VARIANCES, { type: "F32", shape: [variances.length], data: variances }],
    [TURN, { type: "F32", shape: [turn.length], data: turn }],
    [LIMITS, { type: "F64", shape: [limits.length, LIMIT_COLUMNS], data: Float64Array.from(rows) }],
  ];
}

/** @param take checks type and shape, and throws `model-shape` */
export function takePlausibility(
  tensors: ReadonlyMap<string, Tensor>,
  componentCount: number,
  take: Take,
): Plausibility | undefined {
  if (![VARIANCES, TURN, LIMITS].some((name) => tensors.has(name))) return undefined;
  const rowCount = tensors.get(LIMITS)?.shape[0] ?? 1;
  const rows = take(LIMITS, [rowCount, LIMIT_COLUMNS], "F64");
  const limits = Array.from({ length: rowCount }, (_, row): ShapeLimits => {
    const value = (column: number) => Number(rows[row * LIMIT_COLUMNS + column]!);
    return { yaw: value(0), residual: [value(1), value(2)], distance: [value(3), value(4)] };
  });
  return {
    variances: take(VARIANCES, [componentCount]) as Float32Array,
    turn: take(TURN, [LANDMARK_VALUES + 1]) as Float32Array,
    limits,
  };
}

/** @throws EmotionNetError `model-damaged` naming the tensor whose values make no sense. */
export function checkPlausibility({ variances, turn, limits }: Plausibility, componentCount: number): void {
  const areVariances = variances.length === componentCount && variances.every((value) => value > 0);
  if (!areVariances || !variances.every(Number.isFinite)) {
    throw damaged(VARIANCES, `${componentCount} finite numbers above 0`);
  }
  if (turn.length !== LANDMARK_VALUES + 1 || !turn.every(Number.isFinite)) {
    throw damaged(TURN, `${LANDMARK_VALUES + 1} finite numbers`);
  }
  const isRange = ([typical, worst]: readonly [number, number]) =>
    typical >= 0 && worst >= typical && Number.isFinite(worst);
  const areLimits = limits.every(
    ({ yaw, residual, distance }, index) =>
      yaw >= 0 && !(yaw <= (limits[index - 1]?.yaw ?? -1)) && isRange(residual) && isRange(distance),
  );
  if (limits.length === 0 || !areLimits) {
    throw damaged(LIMITS, "rows of ascending yaw, each typical value not above its worst");
  }
}

function damaged(name: string, wanted: string): EmotionNetError {
  return new EmotionNetError("model-damaged", {
    got: `values in tensor "${name}" that cannot be right`,
    wanted,
    mend: "The file is damaged; fetch or train it again.",
  });
}
