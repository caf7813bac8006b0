import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { checkGolden, EmotionNet, type GoldenVectors } from "@emotionnet/core";
import { randomGolden, randomModel } from "@emotionnet/core/testing";
import { describe, expect, it } from "vitest";

const TOLERANCE = 1e-5;
const folder = fileURLToPath(new URL("../models/default/", import.meta.url));
const modelPath = `${folder}emotionnet.safetensors`;
const hasModel = existsSync(modelPath);
const skipped = hasModel ? "" : " (skipped: models/default has no model)";

describe.each(["simd", "scalar"] as const)("the %s kernel", (kernel) => {
  it.skipIf(!hasModel)(`gives the golden vectors of the default model${skipped}`, async () => {
    const golden: GoldenVectors = JSON.parse(readFileSync(`${folder}golden.json`, "utf8"));
    const hash = createHash("sha256").update(readFileSync(modelPath)).digest("hex");
    expect(golden.model, "golden.json belongs to another model").toBe(hash);
    expect(golden.cases.length).toBeGreaterThan(5);
    const net = await EmotionNet.load(modelPath, { kernel });
    expect(checkGolden(net, golden)).toBeLessThan(TOLERANCE);
  });

  it("gives logits and probabilities computed by the formulas in double precision", async () => {
    const model = randomModel(21);
    const net = await EmotionNet.load(model, { kernel });
    expect(checkGolden(net, randomGolden(model, 40))).toBeLessThan(TOLERANCE);
  });

  it("does not pass vectors of another model, of other classes or with a number missing", async () => {
    const model = randomModel(21);
    const golden = randomGolden(model, 3);
    const net = await EmotionNet.load(randomModel(22), { kernel });
    expect(checkGolden(net, golden)).toBeGreaterThan(1e-3);
    const same = await EmotionNet.load(model, { kernel });
    expect(checkGolden(same, { ...golden, classes: golden.classes.toReversed() })).toBeNaN();
    const cases = golden.cases.map((one) => ({ ...one, logits: one.logits.slice(1) }));
    expect(checkGolden(same, { ...golden, cases })).toBeNaN();
  });
});
