import { EXPRESSIONS } from "@emotionnet/core";
import { describe, expect, it } from "vitest";
import { normalisedLandmarks } from "../dataset/normalised-landmarks.ts";
import { joinDatasets } from "../dataset/select.ts";
import { countsOfDrawn, DrawnFaces, type DrawnSet, drawnTraining, spreadOfDrawn } from "./drawn-faces.ts";
import { generateFaces } from "./generate-faces.ts";

const sets: DrawnSet[] = [
  { persons: 5, samplesPerPerson: 7, seed: 11, posedShare: 0.5, sources: { annotator: 1 } },
  { persons: 3, samplesPerPerson: 24, seed: 12, protocol: "multipie" },
];

function epochOf(faces: DrawnFaces, epoch: number) {
  const landmarks = new Float32Array(136 * faces.count);
  const labels = new Int32Array(faces.count);
  for (let sample = 0; sample < faces.count; sample++) {
    labels[sample] = faces.read(sample, epoch, landmarks, 136 * sample);
  }
  return { landmarks, labels };
}

describe("DrawnFaces", () => {
  it("draws in the first epoch what generateFaces draws of the same numbers", () => {
    const stored = joinDatasets(sets.map((set) => generateFaces(set)));
    const drawn = epochOf(new DrawnFaces(sets), 0);
    expect(drawn.labels).toEqual(stored.labels);
    expect(drawn.landmarks).toEqual(normalisedLandmarks(stored));
    expect(countsOfDrawn(drawnTraining(sets))).toEqual(
      Object.fromEntries(
        EXPRESSIONS.map((name, id) => [name, stored.labels.filter((label) => label === id).length]),
      ),
    );
    expect(spreadOfDrawn(drawnTraining(sets), 1000)).toEqual(drawn.landmarks);
  });

  it("goes on with each person's next samples in the next epoch, asked in any order", () => {
    const set = { persons: 4, samplesPerPerson: 30, seed: 9, protocol: "multipie" } as const;
    const faces = new DrawnFaces([{ ...set, samplesPerPerson: 12 }]);
    const third = epochOf(faces, 2);
    const second = epochOf(faces, 1);
    const stored = generateFaces({ ...set, samplesPerPerson: 36 });
    const landmarks = normalisedLandmarks(stored);
    for (const [epoch, drawn] of [
      [1, second],
      [2, third],
    ] as const) {
      for (let person = 0; person < 4; person++) {
        const from = 36 * person + 12 * epoch;
        const own = 12 * person;
        expect(drawn.labels.slice(own, own + 12)).toEqual(stored.labels.slice(from, from + 12));
        expect(drawn.landmarks.slice(136 * own, 136 * (own + 12))).toEqual(
          landmarks.slice(136 * from, 136 * (from + 12)),
        );
      }
    }
  });
});
