/** What follows a sum before it is stored. */

import { GENTLE_PRELU, PRELU, RELU } from "./job";

/** The activation of four sums; `slope` is the address of their four slopes and read for PReLU only. */
@inline
export function activated(sum: v128, activation: i32, slope: usize): v128 {
  const zero = f32x4.splat(0);
  if (activation == RELU) return f32x4.pmax(sum, zero);
  if (activation == GENTLE_PRELU) return f32x4.pmax(sum, f32x4.mul(v128.load(slope), sum));
  if (activation == PRELU) return f32x4.add(f32x4.pmax(sum, zero), f32x4.mul(v128.load(slope), f32x4.pmin(sum, zero)));
  return sum;
}
