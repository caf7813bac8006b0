/** Every operator of the own engine against ONNX Runtime's native build, and numbers worked out by hand. */

import { setFlagsFromString } from "node:v8";
import { describe, expect, test } from "vitest";
import { GraphBuilder } from "../graph/builder.ts";
import type { Attributes } from "../graph/types.ts";
import { createSession } from "../session/session.ts";
import { instructionSets, Kernel } from "./kernel.ts";
import { SimdSession } from "./simd-session.ts";

// Node 20 knows relaxed SIMD only by this flag, later ones without it.
setFlagsFromString("--experimental-wasm-relaxed-simd");

/** Random numbers that are the same in every run (a linear congruential generator). */
function randomNumbers(seed: number): (count: number) => Float32Array {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  return (count) => Float32Array.from({ length: count }, next);
}

interface Case {
  readonly dims: readonly number[];
  /** Appends operators to the input `x` and returns the outputs. */
  readonly build: (graph: GraphBuilder, x: string, random: (count: number) => Float32Array) => string[];
}

const product = (dims: readonly number[]) => dims.reduce((one, size) => one * size, 1);

function modelOf({ dims, build }: Case): Uint8Array {
  const graph = new GraphBuilder("case");
  const x = graph.input("x", "float32", ["N", ...dims]);
  const outputs = build(graph, x, randomNumbers(7));
  for (const name of outputs) graph.output(name, "float32", ["?"].slice(1));
  return graph.toModel();
}

const ints = (...values: number[]) => ({ ints: values });

interface ConvolutionShape {
  readonly size: readonly [height: number, width: number];
  readonly channels: readonly [inputs: number, outputs: number];
  readonly kernel: readonly [height: number, width: number];
  readonly strides?: readonly [y: number, x: number];
  readonly pads?: readonly [top: number, left: number, bottom: number, right: number];
  readonly isDepthwise?: true;
}

/** Appends a convolution of random weights. */
function convolution(
  graph: GraphBuilder,
  input: string,
  random: (count: number) => Float32Array,
  {
    channels: [inputs, outputs],
    kernel,
    strides = [1, 1],
    pads = [0, 0, 0, 0],
    isDepthwise,
  }: ConvolutionShape,
): string {
  const dims = [outputs, isDepthwise ? 1 : inputs, ...kernel];
  const weights = graph.constant("weights", random(product(dims)), dims);
  const bias = graph.constant("bias", random(outputs), [outputs]);
  const attributes: Attributes = {
    strides: ints(...strides),
    pads: ints(...pads),
    group: { int: isDepthwise ? inputs : 1 },
  };
  return graph.node("Conv", [input, weights, bias], attributes);
}

const around = [1, 1, 1, 1] as const;
const convolutions: Record<string, ConvolutionShape> = {
  "1×1 of odd channels and sizes": { size: [5, 7], channels: [5, 9], kernel: [1, 1] },
  "1×1 of one pixel and many outputs": { size: [1, 1], channels: [13, 142], kernel: [1, 1] },
  "1×1 with strides": { size: [7, 6], channels: [8, 4], kernel: [1, 1], strides: [2, 3] },
  "1×1 of many pixels": { size: [33, 31], channels: [24, 12], kernel: [1, 1] },
  "1×1 with a border": { size: [3, 2], channels: [4, 6], kernel: [1, 1], pads: [1, 0, 2, 1] },
  "3×3 with borders": { size: [6, 5], channels: [6, 10], kernel: [3, 3], pads: around },
  "3×3 with strides 3": { size: [9, 6], channels: [32, 7], kernel: [3, 3], strides: [3, 3] },
  "2×2 with strides 2": { size: [2, 2], channels: [32, 10], kernel: [2, 2], strides: [2, 2] },
  "5×5 of three channels": {
    size: [16, 12],
    channels: [3, 24],
    kernel: [5, 5],
    strides: [2, 2],
    pads: [1, 1, 2, 2],
  },
  "3×5 of uneven borders": {
    size: [7, 9],
    channels: [7, 3],
    kernel: [3, 5],
    strides: [1, 2],
    pads: [0, 2, 1, 0],
  },
  "a deep one": { size: [3, 3], channels: [520, 20], kernel: [3, 3], pads: around },
  "depthwise 3×3": { size: [6, 11], channels: [12, 12], kernel: [3, 3], pads: around, isDepthwise: true },
  "depthwise of odd channels": {
    size: [5, 4],
    channels: [7, 7],
    kernel: [3, 3],
    pads: around,
    isDepthwise: true,
  },
  "depthwise with strides": {
    size: [8, 7],
    channels: [8, 8],
    kernel: [3, 3],
    strides: [2, 2],
    pads: [0, 0, 1, 1],
    isDepthwise: true,
  },
  "depthwise without borders": { size: [5, 9], channels: [4, 4], kernel: [3, 3], isDepthwise: true },
  "depthwise 5×3": { size: [7, 6], channels: [6, 6], kernel: [5, 3], pads: [2, 1, 2, 1], isDepthwise: true },
  "depthwise 1×1": { size: [4, 3], channels: [5, 5], kernel: [1, 1], isDepthwise: true },
};

const cases: Record<string, Case> = {
  ...Object.fromEntries(
    Object.entries(convolutions).map(([name, shape]) => {
      const build: Case["build"] = (graph, x, random) => [convolution(graph, x, random, shape)];
      return [`Conv ${name}`, { dims: [shape.channels[0], ...shape.size], build }];
    }),
  ),
  "depthwise and 1×1, the input added, PRelu": {
    dims: [12, 9, 6],
    build: (graph, x, random) => {
      const first = convolution(graph, x, random, {
        size: [9, 6],
        channels: [12, 12],
        kernel: [3, 3],
        pads: around,
        isDepthwise: true,
      });
      const second = convolution(graph, first, random, { size: [9, 6], channels: [12, 12], kernel: [1, 1] });
      const sum = graph.node("Add", [second, x]);
      return [graph.node("PRelu", [sum, graph.constant("slope", random(12), [12, 1, 1])])];
    },
  },
  "a shortcut of fewer channels, pooled": {
    dims: [12, 8, 10],
    build: (graph, x, random) => {
      const first = convolution(graph, x, random, {
        size: [8, 10],
        channels: [12, 12],
        kernel: [3, 3],
        strides: [2, 2],
        pads: [0, 0, 1, 1],
        isDepthwise: true,
      });
      const pooled = graph.node("MaxPool", [x], { kernel_shape: ints(2, 2), strides: ints(2, 2) });
      const second = convolution(graph, first, random, { size: [4, 5], channels: [12, 20], kernel: [1, 1] });
      const identity = Float32Array.from({ length: 240 }, (_, at) =>
        Math.floor(at / 12) === at % 12 ? 1 : 0,
      );
      const carried = graph.node("Conv", [pooled, graph.constant("carry", identity, [20, 12, 1, 1])]);
      return [graph.node("Relu", [graph.node("Add", [carried, second])])];
    },
  },
  "one map read by several, one of them an output": {
    dims: [5, 6, 4],
    build: (graph, x, random) => {
      const first = convolution(graph, x, random, { size: [6, 4], channels: [5, 6], kernel: [1, 1] });
      const sum = graph.node("Add", [first, graph.node("Relu", [first])]);
      const twice = graph.node("Add", [sum, sum]);
      const slopes = graph.constant("slope", random(6), [1, 6, 1, 1]);
      return [first, graph.node("PRelu", [twice, slopes])];
    },
  },
  "additions that are spread over channels or pixels": {
    dims: [5, 3, 4],
    build: (graph, x, random) => {
      const first = convolution(graph, x, random, { size: [3, 4], channels: [5, 6], kernel: [1, 1] });
      const sum = graph.node("Add", [first, graph.constant("row", random(4), [4])]);
      return [graph.node("Add", [graph.constant("one", random(6), [6, 1, 1]), sum])];
    },
  },
  "pictures in, positions out": {
    dims: [8, 6, 3],
    build: (graph, x, random) => {
      const unit = graph.node("Mul", [x, graph.scalar("scale", 0.25)]);
      const centred = graph.node("Sub", [unit, graph.scalar("middle", 0.5)]);
      const map = graph.node("Transpose", [centred], { perm: ints(0, 3, 1, 2) });
      const first = convolution(graph, map, random, {
        size: [8, 6],
        channels: [3, 7],
        kernel: [3, 3],
        pads: around,
      });
      return [graph.node("Transpose", [first], { perm: ints(0, 2, 3, 1) })];
    },
  },
  "pictures of which a depthwise convolution is made": {
    dims: [5, 6, 3],
    build: (graph, x, random) => {
      const unit = graph.node("Add", [
        graph.node("Mul", [x, graph.scalar("scale", 3)]),
        graph.scalar("shift", 1),
      ]);
      const map = graph.node("Transpose", [unit], { perm: ints(0, 3, 1, 2) });
      return [
        convolution(graph, map, random, {
          size: [5, 6],
          channels: [3, 3],
          kernel: [3, 3],
          pads: around,
          isDepthwise: true,
        }),
      ];
    },
  },
  "MaxPool with an odd window": {
    dims: [5, 7, 9],
    build: (graph, x) => [graph.node("MaxPool", [x], { kernel_shape: ints(3, 2), strides: ints(2, 3) })],
  },
  ...Object.fromEntries(
    [0, 1].map((corners) => [
      `GridSample with align_corners ${corners}`,
      {
        dims: [6, 5, 7],
        build: (graph, x, random) => {
          // A grid that depends on the input, beyond its borders as well.
          const kernel = graph.constant("kernel", random(12), [2, 6, 1, 1]);
          const grid = graph.node("Transpose", [graph.node("Conv", [x, kernel])], { perm: ints(0, 2, 3, 1) });
          return [graph.node("GridSample", [x, grid], { align_corners: { int: corners } })];
        },
      } satisfies Case,
    ]),
  ),
  "arithmetic with broadcasting": {
    dims: [3, 4],
    build: (graph, x, random) => {
      const column = graph.constant("column", random(3), [3, 1]);
      const sum = graph.node("Sub", [graph.node("Mul", [x, column]), graph.constant("row", random(4), [4])]);
      const positive = graph.node("Add", [graph.node("Mul", [sum, sum]), graph.scalar("one", 1)]);
      return [graph.node("Div", [x, graph.node("Sqrt", [positive])]), graph.node("Sigmoid", [sum])];
    },
  },
  "Relu and PRelu of what is no map": {
    dims: [6],
    build: (graph, x, random) => [
      graph.node("Relu", [x]),
      graph.node("PRelu", [x, graph.constant("slope", random(6), [6])]),
    ],
  },
  "Slice, Gather, Pad, Transpose, Concat": {
    dims: [5, 6],
    build: (graph, x) => {
      const sliced = graph.node("Slice", [
        x,
        graph.integers("s", [1, -3]),
        graph.integers("e", [100, -1]),
        graph.integers("a", [1, 2]),
      ]);
      const gathered = graph.node("Gather", [x, graph.integers("i", [3, -1, 0])], { axis: { int: 1 } });
      const turned = graph.node("Transpose", [gathered], { perm: ints(0, 2, 1) });
      const padded = graph.node("Pad", [sliced, graph.integers("p", [0, 1, 0, 0, 1, 1])]);
      return [graph.node("Concat", [padded, turned], { axis: { int: -1 } })];
    },
  },
  "Reshape of the input, with a zero and a size left open": {
    dims: [4, 6],
    build: (graph, x) => [graph.node("Reshape", [x, graph.integers("shape", [0, 3, -1])])],
  },
  "Reshape of a map": {
    dims: [5, 3, 2],
    build: (graph, x, random) => {
      const first = convolution(graph, x, random, { size: [3, 2], channels: [5, 6], kernel: [1, 1] });
      return [graph.node("Reshape", [first, graph.integers("shape", [0, -1])])];
    },
  },
  "MatMul with broadcasting": {
    dims: [3, 4],
    build: (graph, x, random) => {
      const left = graph.node("MatMul", [graph.constant("left", random(15), [5, 3]), x]);
      return [graph.node("MatMul", [left, graph.node("Transpose", [left], { perm: ints(0, 2, 1) })])];
    },
  },
  reductions: {
    dims: [4, 5],
    build: (graph, x) => [
      graph.node("ReduceSum", [x, graph.integers("axes", [1])]),
      graph.node("ReduceMax", [x], { axes: ints(1) }),
      graph.node("ReduceMin", [x], { axes: ints(-1), keepdims: { int: 0 } }),
      graph.node("ReduceMean", [x], { axes: ints(1, 2) }),
    ],
  },
};

describe.each(instructionSets())("%s SIMD", (set) => {
  test.each(Object.entries(cases))("%s", async (_, one) => {
    const model = modelOf(one);
    const native = await createSession(model);
    const own = new SimdSession(model, await Kernel.create(set));
    expect(own.outputNames).toEqual(native.outputNames);
    const random = randomNumbers(3);
    // Twice one picture: the memory of the first run, and of the plan for two, must not show.
    for (const images of [1, 2, 1]) {
      const dims = [images, ...one.dims];
      const x = { type: "float32", dims, data: random(product(dims)) } as const;
      const expected = await native.run({ x });
      const found = await own.run({ x });
      for (const name of native.outputNames) {
        expect(found[name]!.dims).toEqual(expected[name]!.dims);
        expectClose(found[name]!.data as Float32Array, expected[name]!.data as Float32Array);
      }
    }
  });

  test("convolutions of random shapes, with what follows them", async () => {
    const kernel = await Kernel.create(set);
    const random = randomNumbers(11);
    const choose = (from: number, to: number) =>
      from + Math.floor(((random(1)[0]! + 1) / 2) * (to - from + 1));
    for (let round = 0; round < 40; round++) {
      const inputs = choose(1, 40);
      const isDepthwise = inputs > 1 && choose(0, 2) === 0;
      const shape: ConvolutionShape = {
        size: [choose(5, 20), choose(5, 20)],
        channels: [inputs, isDepthwise ? inputs : choose(1, 40)],
        kernel: [choose(1, 5), choose(1, 5)],
        strides: [choose(1, 3), choose(1, 3)],
        pads: [choose(0, 2), choose(0, 2), choose(0, 2), choose(0, 2)],
        ...(isDepthwise ? { isDepthwise } : {}),
      };
      const model = modelOf({
        dims: [inputs, ...shape.size],
        build: (graph, x) => {
          const first = convolution(graph, x, random, shape);
          const channels = shape.channels[1];
          const sum = graph.node("Add", [first, convolution(graph, x, random, shape)]);
          // Slopes above 1 and below 0 as well.
          const slopes = random(channels).map((value) => 1.5 * value);
          return [graph.node("PRelu", [sum, graph.constant("slope", slopes, [channels, 1, 1])])];
        },
      });
      const dims = [choose(1, 3), inputs, ...shape.size];
      const x = { type: "float32", dims, data: random(product(dims)) } as const;
      const [expected] = Object.values(await (await createSession(model)).run({ x }));
      const [found] = Object.values(await new SimdSession(model, kernel).run({ x }));
      expect(found!.dims, JSON.stringify(shape)).toEqual(expected!.dims);
      expectClose(found!.data as Float32Array, expected!.data as Float32Array);
    }
  });

  test("a convolution worked out by hand", async () => {
    const graph = new GraphBuilder("hand");
    const x = graph.input("x", "float32", ["N", 1, 2, 2]);
    const kernel = graph.constant("kernel", Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), [1, 1, 3, 3]);
    const bias = graph.constant("bias", Float32Array.of(0.5), [1]);
    const sum = graph.node("Conv", [x, kernel, bias], { pads: ints(1, 1, 1, 1) });
    graph.output(graph.node("Relu", [sum], {}, "y"), "float32", ["N", 1, 2, 2]);
    const session = new SimdSession(graph.toModel(), await Kernel.create(set));
    const x22 = (...values: number[]) =>
      ({ type: "float32", dims: [1, 1, 2, 2], data: Float32Array.from(values) }) as const;
    const { y } = await session.run({ x: x22(1, 1, 2, 4) });
    // 5 + 6 + 2·8 + 4·9 + ½, 4 + 5 + 2·7 + 4·8 + ½ and so on, from the place of each pixel under the kernel.
    expect([...(y!.data as Float32Array)]).toEqual([63.5, 55.5, 39.5, 31.5]);
    const negative = await session.run({ x: x22(1, -1, 2, -4) });
    expect([...(negative.y!.data as Float32Array)]).toEqual([0, 0, 0, 0]);
  });
});

test("outputs are written into the arrays that are given", async () => {
  const session = new SimdSession(modelOf(cases.reductions!), await Kernel.create(instructionSets().at(-1)!));
  const [sum = ""] = session.outputNames;
  const given = { type: "float32", dims: [1, 1, 5], data: new Float32Array(5) } as const;
  const x = { type: "float32", dims: [1, 4, 5], data: new Float32Array(20).fill(2) } as const;
  const results = await session.run({ x }, { [sum]: given });
  expect(results[sum]).toBe(given);
  expect([...given.data]).toEqual([8, 8, 8, 8, 8]);
  await expect(session.run({ x }, { [sum]: { ...given, data: new Float32Array(4) } })).rejects.toMatchObject({
    code: "onnx-graph",
  });
});

test("more numbers of pictures than plans are kept, in any order", async () => {
  const session = new SimdSession(
    modelOf(cases["pictures in, positions out"]!),
    await Kernel.create("baseline"),
  );
  const [name = ""] = session.outputNames;
  const picture = randomNumbers(5)(8 * 6 * 3);
  const read = async (count: number) => {
    const data = Float32Array.from(
      { length: count * picture.length },
      (_, at) => picture[at % picture.length]!,
    );
    const results = await session.run({ x: { type: "float32", dims: [count, 8, 6, 3], data } });
    return results[name]!.data as Float32Array;
  };
  const one = await read(1);
  for (const count of [2, 11, 3, 5, 1, 7, 4, 6, 9, 10, 2, 8, 1]) {
    const many = await read(count);
    for (let image = 0; image < count; image++) {
      expect(many.slice(image * one.length, (image + 1) * one.length)).toEqual(one);
    }
  }
});

test("what does not fit is told in words", async () => {
  const session = new SimdSession(modelOf(cases.reductions!), await Kernel.create(instructionSets().at(-1)!));
  const wrong = { type: "float32", dims: [1, 4, 6], data: new Float32Array(24) } as const;
  await expect(session.run({ x: wrong })).rejects.toThrow(/\[1, 4, 6\] for x/);
  await expect(session.run({ z: wrong })).rejects.toThrow(/z as an input/);
  await expect(session.run({})).rejects.toThrow(/nothing as an input/);
});

/** Single precision sums in another order: differences count against the largest number. */
function expectClose(found: Float32Array, expected: Float32Array): void {
  expect(found).toHaveLength(expected.length);
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const worst = expected.reduce((most, value, at) => Math.max(most, Math.abs(value - found[at]!)), 0);
  expect(worst / scale).toBeLessThan(5e-6);
  expect(found.some(Number.isNaN)).toBe(false);
}
