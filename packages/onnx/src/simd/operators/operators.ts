/** The operators that the own engine knows, beside convolutions and what is joined to them. */

import type { PlanOperator } from "../plan/planner.ts";
import { planAdd, planDiv, planMul, planPrelu, planRelu, planSub, unary } from "./elementwise.ts";
import { planGridSample } from "./grid-sample.ts";
import { planConcat, planGather, planPad, planReshape, planSlice, planTranspose } from "./move.ts";
import { planMaxPool } from "./pool.ts";
import { planMatMul, reduction } from "./reduce.ts";

export const operators: ReadonlyMap<string, PlanOperator> = new Map(
  Object.entries({
    Add: planAdd,
    Concat: planConcat,
    Div: planDiv,
    Gather: planGather,
    GridSample: planGridSample,
    MatMul: planMatMul,
    MaxPool: planMaxPool,
    Mul: planMul,
    PRelu: planPrelu,
    Pad: planPad,
    ReduceMax: reduction(Math.max),
    ReduceMean: reduction(
      (a, b) => a + b,
      (sum, count) => sum / count,
    ),
    ReduceMin: reduction(Math.min),
    ReduceSum: reduction((a, b) => a + b),
    Relu: planRelu,
    Reshape: planReshape,
    Sigmoid: unary((value) => 1 / (1 + Math.exp(-value))),
    Slice: planSlice,
    Sqrt: unary(Math.sqrt),
    Sub: planSub,
    Transpose: planTranspose,
  }),
);
