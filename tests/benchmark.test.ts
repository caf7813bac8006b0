import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MEAN_SHAPE, writeModel } from "@emotionnet/core";
import { randomModel } from "@emotionnet/core/testing";
import { drawPortrait, writePhoto } from "@emotionnet/media";
import { describe, expect, it } from "vitest";
import { runCommand, temporaryFolder } from "./cli-support.ts";
import { drawClip, withoutFfmpeg } from "./video-support.ts";

const folder = temporaryFolder();
const quick = ["--duration", "0.05"];

describe("emotionnet benchmark", () => {
  it("prints speed, latency, memory, machine and accuracy beside the card's devices", async () => {
    await writeFile(join(folder, "model.safetensors"), writeModel(randomModel(3)));
    const { status, stdout, stderr } = await runCommand(
      ["benchmark", "-m", "model.safetensors", "--batch", "1,8", ...quick],
      folder,
    );
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^random-3 {2}136-32-16-6\nengine {5}core kernel \(simd, f32\)\n/);
    expect(stdout).toMatch(/macro F1 0\.\d{4} \(full precision 0\.\d{4}\); same answer for 100\.00 %/);
    expect(stdout).toMatch(/\nbatch +faces\/s +median ms +p95 ms +p99 ms +calls\n1 +[\d,]+ .*\n8 +[\d,]+ /);
    expect(stdout).toMatch(/\nT4 +19,644\n/);
  });

  it("prints JSON for the default model and ONNX Runtime", async () => {
    const { status, stdout } = await runCommand(
      ["benchmark", "--engine", "onnx", "--precision", "int8", "--batch", "2", "--json", ...quick],
      folder,
    );
    expect(status).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      precision: "int8",
      threads: 1,
      engine: expect.stringContaining("onnxruntime-node"),
    });
    expect(report.timings).toHaveLength(1);
    expect(report.timings[0].facesPerSecond).toBeGreaterThan(0);
    expect(report.card).toHaveLength(4);
  });

  it("times the kernel on two threads", async () => {
    const flags = ["--threads", "2", "--precision", "int16", "--batch", "512", "--json"];
    const { status, stdout, stderr } = await runCommand(["benchmark", ...flags, ...quick], folder);
    expect(stderr).toBe("");
    expect(status).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ threads: 2, engine: "core kernel (simd, int16, 2 threads)" });
    expect(report.timings[0].facesPerSecond).toBeGreaterThan(0);
  });

  it.each([
    [["--precision", "int8"], /fp32 or int16/],
    [["--batch", "1,x"], /whole number from 1/],
    [["--duration", "0"], /seconds above 0/],
    [["--engine", "gpu"], /kernel/],
  ])("refuses %j as wrong usage", async (flags, message) => {
    const { status, stdout, stderr } = await runCommand(["benchmark", ...flags], folder);
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe("emotionnet benchmark --pipeline", () => {
  const stages = ["decode", "detect", "mesh", "map", "classify", "draw"];

  it("times every stage of a drawn photo; the stages fill the time on the clock", async () => {
    await writePhoto(join(folder, "drawn.png"), await drawPortrait(MEAN_SHAPE, { seed: 1, size: 256 }));
    const { status, stdout, stderr } = await runCommand(
      ["benchmark", "--pipeline", "photo", "drawn.png", "--json", ...quick],
      folder,
    );
    expect(stderr).toBe("");
    expect(status).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ pipeline: "photo", width: 256, height: 256, faces: 1, threads: 1 });
    expect(report.stages.map(({ stage }: { stage: string }) => stage)).toEqual(stages);
    for (const { runs, median, mean } of report.stages) {
      expect(runs).toBe(report.items);
      expect(median).toBeGreaterThan(0);
      expect(mean).toBeGreaterThan(0);
    }
    const sum = report.stages.reduce((total: number, { mean }: { mean: number }) => total + mean, 0);
    expect(report.sum).toBeCloseTo(sum, 6);
    // Both are read off the same clock: this is arithmetic, not a race.
    expect(report.sum).toBeLessThanOrEqual(report.wall * 1.001);
  });

  it.skipIf(withoutFfmpeg)(
    `times a drawn clip from its start again and again, the detector at few frames${withoutFfmpeg}`,
    async () => {
      const head = { landmarks: MEAN_SHAPE, seed: 1, x: 160, y: 125, size: 260 };
      await drawClip(join(folder, "drawn.mp4"), { width: 320, height: 240, frames: 20 }, () => [head]);
      const { status, stdout } = await runCommand(
        ["benchmark", "--pipeline", "video", "drawn.mp4", "--duration", "2"],
        folder,
      );
      expect(status).toBe(0);
      expect(stdout).toMatch(/^video {2}drawn\.mp4 {2}320×240\n/);
      expect(stdout).toMatch(/\nspeed {6}[\d.]+ frames\/s, [\d.]+ with drawing\n/);
      const runs = Object.fromEntries(
        [...stdout.matchAll(/^(open|decode|detect|mesh|map|classify|draw) +(\d+) /gm)].map(
          ([, stage, count]) => [stage, Number(count)],
        ),
      );
      expect(runs.decode).toBeGreaterThanOrEqual(3);
      for (const stage of ["mesh", "map", "classify", "draw"]) expect(runs[stage]).toBe(runs.decode);
      expect(runs.detect).toBeLessThan(runs.decode!);
      expect(stdout).toMatch(/\nclock .* 100\.0 %\n/);
    },
  );

  it.each([
    [["--pipeline", "photo"], 2, /without a file/],
    [["drawn.png"], 2, /without --pipeline/],
    [["--pipeline", "photo", "none.jpg"], 1, /file-not-found/],
  ])("refuses %j", async (flags, expected, message) => {
    const { status, stdout, stderr } = await runCommand(["benchmark", ...flags], folder);
    expect(status).toBe(expected);
    expect(stdout).toBe("");
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
