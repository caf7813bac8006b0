import { describe, expect, it } from "vitest";
import { EmotionNet } from "../classifier/emotion-net.ts";
import { MEAN_SHAPE } from "../landmarks/mean-shape.ts";
import { randomModel } from "../testing/random-model.ts";

describe("EmotionNet.track", () => {
  const model = randomModel(3);
  const points = Float32Array.from(MEAN_SHAPE);

  it("follows a still face: the model's own answer, smoothed, is the same", async () => {
    const net = await EmotionNet.load(model);
    const track = net.track();
    const answer = net.classify(track.correct(points));
    for (let frame = 0; frame < 20; frame++) {
      const { smoothed } = track.push(frame / 25, answer, points);
      for (const name of net.classes) {
        expect(smoothed.probabilities[name]).toBeCloseTo(Math.max(0.001, answer.probabilities[name]!), 2);
      }
    }
  });

  it("labels nothing below the model's threshold of confidence", async () => {
    const strict = { ...model, metadata: { ...model.metadata, abstain: { confidence: 1, quality: 0 } } };
    const net = await EmotionNet.load(strict);
    const { label } = net.track().push(0, { ...net.classify(points), reason: "low-confidence" });
    expect(label).toBe("unknown");
    const free = net.track({ hysteresis: { enter: 0, leave: 0 } });
    expect(free.push(0, net.classify(points)).label).not.toBe("unknown");
  });
});
