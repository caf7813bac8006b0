import { expect, test } from "vitest";
import type { JudgedFace } from "../evaluate/abstention.ts";
import { Random } from "../generator/random.ts";
import { chooseThresholds } from "./choose-thresholds.ts";

/** Faces whose confidence is honest; beyond `badYaw` degrees and below `badSize` pixels half of the answers are wrong. */
function faces({ badYaw, badSize }: { badYaw: number; badSize: number }): JudgedFace[] {
  const random = new Random(9);
  return Array.from({ length: 20_000 }, () => {
    const [yaw, size] = [random.uniform(-90, 90), random.uniform(8, 200)];
    const confidence = 1 - random.uniform(0, 1) ** 4 / 2;
    const isBad = Math.abs(yaw) > badYaw || size < badSize;
    const isRight = random.chance(isBad ? 0.5 : confidence);
    return {
      label: 0,
      answer: isRight ? 0 : 1,
      confidence,
      quality: random.uniform(0.4, 1),
      yaw,
      size,
      isFace: true,
    };
  });
}

test("gates close where answers get twice as wrong", () => {
  const { yaw, size } = chooseThresholds(faces({ badYaw: 62, badSize: 21 }));
  // Beyond 50° more than a quarter of the faces are good ones still, beyond 60° hardly any.
  expect(yaw).toBeGreaterThanOrEqual(45);
  expect(yaw).toBeLessThanOrEqual(60);
  expect(size).toBeGreaterThanOrEqual(20);
});

test("where nothing is wrong, profiles and tiny faces still get no answer", () => {
  expect(chooseThresholds(faces({ badYaw: 91, badSize: 0 }))).toMatchObject({ yaw: 65, size: 12 });
});

test("clean frontal faces are hardly refused", () => {
  const judged = faces({ badYaw: 91, badSize: 0 });
  const { confidence, quality } = chooseThresholds(judged);
  const frontal = judged.filter(({ yaw }) => Math.abs(yaw!) <= 20);
  const share = (isRefused: (face: JudgedFace) => boolean) =>
    frontal.filter(isRefused).length / frontal.length;
  expect(share((face) => face.quality < quality)).toBeLessThanOrEqual(0.005);
  expect(share((face) => face.confidence < confidence)).toBeLessThanOrEqual(0.015);
  expect(confidence).toBeGreaterThan(0.5);
  expect(quality).toBeGreaterThanOrEqual(0.4);
});
