import { LANDMARK_VALUES, MEAN_SHAPE, normalise } from "@emotionnet/core";
import { describe, expect, it } from "vitest";
import { generateFaces } from "../generator/generate-faces.ts";
import { withMeanJaw } from "./mean-jaw.ts";

describe("withMeanJaw", () => {
  const faces = generateFaces({ persons: 10, samplesPerPerson: 30, seed: 3 });
  const jawOf = (landmarks: Float32Array, sample: number) =>
    Array.from(landmarks.subarray(sample * LANDMARK_VALUES, sample * LANDMARK_VALUES + 34));

  it("replaces the jaw of about the asked share and keeps everything else", () => {
    const { landmarks } = withMeanJaw(faces, 0.3, 1);
    const mean = MEAN_SHAPE.slice(0, 34).map(Math.fround);
    let replaced = 0;
    for (let sample = 0; sample < faces.count; sample++) {
      const start = sample * LANDMARK_VALUES;
      const own = normalise(faces.landmarks.slice(start, start + LANDMARK_VALUES));
      const isReplaced = jawOf(landmarks, sample).every((value, index) => value === mean[index]);
      if (isReplaced) replaced++;
      else expect(jawOf(landmarks, sample)).toEqual(Array.from(own.subarray(0, 34)));
      expect(landmarks.subarray(start + 34, start + LANDMARK_VALUES)).toEqual(own.subarray(34));
    }
    expect(replaced / faces.count).toBeGreaterThan(0.2);
    expect(replaced / faces.count).toBeLessThan(0.4);
  });
});
