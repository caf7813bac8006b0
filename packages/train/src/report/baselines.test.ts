import { expect, test } from "vitest";
import { generateFaces } from "../generator/generate-faces.ts";
import { measureBaselines } from "./baselines.ts";
import { measureSlices } from "./slices.ts";

const faces = generateFaces({ persons: 40, samplesPerPerson: 12, seed: 11, sources: { mesh: 1 } });

test("always the most frequent class is as right as that class is frequent", () => {
  const labels = faces.labels.map((label, face) => (face % 2 === 0 ? 3 : label));
  const share = labels.filter((label) => label === 3).length / labels.length;
  const { majority } = measureBaselines({ ...faces, labels });
  expect(majority.accuracy).toBe(share);
  expect(majority.accuracy).toBe(majority.majorityBaseline);
  expect(majority.classes[3]!.recall).toBe(1);
});

test("the nearest centroid knows something, but never sees the person it judges", () => {
  const { nearestCentroid, majority } = measureBaselines(faces);
  expect(nearestCentroid!.accuracy).toBeGreaterThan(1.5 * majority.accuracy);
  // A class that one person alone shows cannot be known from the others.
  const own = faces.labels.map((label, face) => (faces.names[face]!.startsWith("001") ? 5 : label % 5));
  expect(measureBaselines({ ...faces, labels: own }).nearestCentroid!.classes[5]!.recall).toBe(0);
  const alone = faces.names.map(() => "001_01_01_051_00");
  expect(measureBaselines({ ...faces, names: alone }).nearestCentroid).toBeUndefined();
});

test("slices add up, keep their order and warn of few persons", () => {
  const values = faces.names.map((_, face) => (face < 48 ? "old" : face < 450 ? "young" : undefined));
  const [group] = measureSlices({
    dataset: faces,
    answers: faces.labels.map((label, face) => (face % 4 === 0 ? (label + 1) % 6 : label)),
    abstains: faces.names.map((_, face) => face % 3 === 0),
    attributes: [
      { name: "age", values, order: ["young", "old"] },
      { name: "one value only", values: faces.names.map(() => "same") },
    ],
  });
  expect(group!.slices.map(({ value, faces: count }) => [value, count])).toEqual([
    ["young", 402],
    ["old", 48],
  ]);
  expect(group!.slices[1]).toMatchObject({ accuracy: 0.75, persons: 4, hasFewPersons: true });
  expect(group!.slices[0]).toMatchObject({ persons: 34, hasFewPersons: false });
  expect(group!.slices[1]!.abstained).toBeCloseTo(1 / 3, 12);
});
