import { networkSpec } from "@emotionnet/core";
import { randomModel } from "@emotionnet/core/testing";
import { describe, expect, it } from "vitest";
import { type BenchmarkOptions, benchmarkModel } from "./benchmark-model.ts";

const model = randomModel(5, networkSpec([64, 32]));

const benchmark = (changes: Partial<BenchmarkOptions>) =>
  benchmarkModel({
    model,
    engine: "kernel",
    precision: "fp32",
    batches: [1],
    threads: 1,
    seconds: 0.02,
    ...changes,
  });

describe("benchmarkModel", () => {
  it.each([
    ["kernel", "fp32", 1e-9],
    ["kernel", "int16", 0.02],
    ["onnx", "fp32", 1e-4],
    ["onnx", "fp16", 0.02],
    ["onnx", "int8", 0.3],
  ] as const)("times %s in %s and scores what it timed", async (engine, precision, tolerance) => {
    const labels: string[] = [];
    const report = await benchmark({
      engine,
      precision,
      batches: [1, 8],
      onProgress: ({ label }) => labels.push(label),
    });
    expect(report.network).toBe("136-64-32-6");
    expect(report.engine).toContain(engine === "kernel" ? "core kernel" : "onnxruntime");
    expect(report.timings.map(({ batch }) => batch)).toEqual([1, 8]);
    for (const { batch, callsPerSecond, facesPerSecond, median, p95, p99 } of report.timings) {
      expect(facesPerSecond).toBeCloseTo(batch * callsPerSecond, 6);
      expect([median, p95, p99]).toEqual([median, p95, p99].toSorted((one, other) => one - other));
    }
    expect(new Set(labels)).toEqual(new Set(["Timing batch 1", "Timing batch 8"]));
    expect(report.accuracy.largestProbabilityDifference).toBeLessThanOrEqual(tolerance);
    expect(report.accuracy.sameAnswer).toBeGreaterThan(
      engine === "onnx" && precision === "int8" ? 0.8 : 0.97,
    );
    if (engine === "kernel" && precision === "int16") {
      expect(report.accuracy.largestProbabilityDifference).toBeGreaterThan(0);
    }
  });

  it("scores F1 only for the generator's classes", async () => {
    expect((await benchmark({})).accuracy.macroF1?.timed).toBeGreaterThan(0);
    const other = randomModel(5, networkSpec([8], { classes: ["a", "b"] }));
    expect((await benchmark({ model: other })).accuracy.macroF1).toBeUndefined();
  });

  it("refuses what an engine does not have", async () => {
    await expect(benchmark({ precision: "int8" })).rejects.toMatchObject({
      code: "usage",
      message: expect.stringMatching(/fp32 or int16/),
    });
    await expect(benchmark({ engine: "onnx", precision: "int16" })).rejects.toMatchObject({ code: "usage" });
  });

  it("shares batches of the kernel between threads, with the answers of one", async () => {
    const { engine, timings, accuracy } = await benchmark({ threads: 2, batches: [1, 300] });
    expect(engine).toMatch(/core kernel .* 2 threads/);
    expect(timings.map(({ batch }) => batch)).toEqual([1, 300]);
    expect(accuracy.largestProbabilityDifference).toBe(0);
  });
});
