/** From drawn pixels to landmarks, with no photo of anyone. */

import { MEAN_SHAPE, normalise } from "@emotionnet/core";
import { drawPortrait, portraitSvg } from "@emotionnet/media";
import { FaceReader } from "@emotionnet/vision";
import { expect, test } from "vitest";

/** Between the outer eye corners of the mean face, in its own unit. */
const eyes = MEAN_SHAPE[2 * 45]! - MEAN_SHAPE[2 * 36]!;

test.each([1, 2, 3, 4])("the portrait drawn with seed %d has one face where it was drawn", async (seed) => {
  const reader = await FaceReader.create();
  const faces = await reader.read(await drawPortrait(MEAN_SHAPE, { seed }));
  expect(faces).toHaveLength(1);
  const drawn = normalise(portraitSvg(MEAN_SHAPE, { seed }).landmarks);
  const found = normalise(faces[0]!.landmarks);
  let sum = 0;
  for (let point = 17; point < 68; point++) {
    sum += Math.hypot(found[2 * point]! - drawn[2 * point]!, found[2 * point + 1]! - drawn[2 * point + 1]!);
  }
  expect(sum / 51 / eyes).toBeLessThan(0.1);
  expect(Math.abs(faces[0]!.pose.yaw)).toBeLessThan(15);
  expect(Math.abs(faces[0]!.pose.roll)).toBeLessThan(5);
  await reader.close();
});
