import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeModel } from "@emotionnet/core";
import { randomModel } from "@emotionnet/core/testing";
import { describe, expect, it } from "vitest";
import { runCommand, temporaryFolder } from "./cli-support.ts";

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
