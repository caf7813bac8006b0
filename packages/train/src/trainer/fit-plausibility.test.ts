import { LANDMARK_VALUES, normalise, type ShapeModel, shapeQuality, shapeYaw } from "@emotionnet/core";
import { expect, test } from "vitest";
import type { Dataset } from "../dataset/dataset.ts";
import { normalisedLandmarks } from "../dataset/normalised-landmarks.ts";
import { type DisturbanceName, disturbed } from "../evaluate/disturbances.ts";
import { MULTI_PIE_CAMERAS } from "../generator/camera.ts";
import { generateFaces } from "../generator/generate-faces.ts";
import { fitPlausibility } from "./fit-plausibility.ts";
import { fitShapeModel } from "./fit-shape-model.ts";

const train = normalisedLandmarks(generateFaces({ persons: 600, samplesPerPerson: 15, seed: 31 }));
const plain = fitShapeModel(train, 24);
const shape: ShapeModel = { ...plain, plausibility: fitPlausibility(plain, train) };

const others = generateFaces({ persons: 60, samplesPerPerson: 30, seed: 32, protocol: "multipie" });
const camerasOf = (dataset: Dataset) => dataset.names.map((name) => name.split("_")[3]!);
const facesOf = (dataset: Dataset) =>
  Array.from({ length: dataset.count }, (_, face) =>
    normalise(dataset.landmarks.subarray(face * LANDMARK_VALUES, (face + 1) * LANDMARK_VALUES)),
  );
const frontal = camerasOf(others).map((camera) => ["140", "051", "050"].includes(camera));
/** Share of faces whose quality is below what 99 in 100 training faces reach. */
const refused = (dataset: Dataset, isWanted: (face: number) => boolean) => {
  const qualities = facesOf(dataset)
    .filter((_, face) => isWanted(face))
    .map((face) => shapeQuality(shape, face));
  return qualities.filter((quality) => quality < 0.5).length / qualities.length;
};

test("nearly all clean faces of other persons are trusted", () => {
  expect(refused(others, (face) => frontal[face]!)).toBeLessThanOrEqual(0.03);
  expect(refused(others, () => true)).toBeLessThanOrEqual(0.06);
});

const everyFace: readonly [name: DisturbanceName, share: number][] = [
  ["scrambled", 0.99],
  ["non-face", 0.99],
  ["ten points shifted", 0.97],
];
test.each(everyFace)("%s points are refused whatever the camera", (name, share) => {
  expect(refused(disturbed(others, name, 1), () => true)).toBeGreaterThanOrEqual(share);
});

const frontalFaces: readonly [name: DisturbanceName, share: number][] = [
  ["mirrored order", 0.99],
  ["y upwards", 0.99],
  ["scrambled mouth", 0.95],
  ["mouth shifted", 0.8],
  ["lower face guessed", 0.9],
];
test.each(frontalFaces)("frontal faces with %s are refused", (name, share) => {
  expect(refused(disturbed(others, name, 1), (face) => frontal[face]!)).toBeGreaterThanOrEqual(share);
});

test("yaw is told apart by its side, and profiles from half profiles", () => {
  const truth = new Map(MULTI_PIE_CAMERAS.map(({ name, yaw }) => [name, yaw]));
  const cameras = camerasOf(others);
  const errors: number[] = [];
  let sides = 0;
  facesOf(others).forEach((face, index) => {
    const [yaw, estimate] = [truth.get(cameras[index]!)!, shapeYaw(shape, face)!];
    if (Math.abs(yaw) <= 45) errors.push(Math.abs(estimate - yaw));
    else if (Math.sign(estimate) === Math.sign(yaw) && Math.abs(estimate) > 40) sides++;
  });
  errors.sort((a, b) => a - b);
  expect(errors[Math.floor(0.5 * errors.length)]).toBeLessThan(6);
  expect(sides / (others.count - errors.length)).toBeGreaterThan(0.95);
});

test("the same faces give the same numbers", () => {
  expect(fitPlausibility(plain, train)).toEqual(shape.plausibility);
});

test("points that are no faces of people still get limits", () => {
  const few = train.slice(0, 8 * LANDMARK_VALUES);
  const small = fitShapeModel(few, 24);
  const { limits, variances } = fitPlausibility(small, few);
  expect(limits.length).toBeGreaterThan(0);
  expect(variances.every((value) => value > 0)).toBe(true);
});
