import { describe, expect, it } from "vitest";
import { randomSource } from "../testing/random-model.ts";
import { FLIP, flipLandmarks, flipOrder } from "./flip.ts";
import { MEAN_SHAPE } from "./mean-shape.ts";
import { FIRST_INNER_POINT, normalise, normaliseInto } from "./normalise.ts";
import { LANDMARK_COUNT, LANDMARK_VALUES, MODEL_SCHEMES, SCHEMES } from "./scheme.ts";

const random = randomSource(5);
const ROUNDS = 50;

/** A mean face with every point moved a little. */
const randomFace = () => Float32Array.from(MEAN_SHAPE, (value) => value + 0.3 * (random() - 0.5));

/** Scaled, turned in the picture plane and moved. */
function moved(face: Float32Array, scale: number, angle: number, x: number, y: number): Float32Array {
  const [a, b] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  return face.map((value, index) =>
    index % 2 === 0 ? a * value - b * face[index + 1]! + x : b * face[index - 1]! + a * value + y,
  );
}

function expectClose(one: Float32Array, other: Float32Array, tolerance: number): void {
  const largest = one.reduce((worst, value, index) => Math.max(worst, Math.abs(value - other[index]!)), 0);
  expect(largest).toBeLessThan(tolerance);
}

describe("normalise", () => {
  it("drops position, size and rotation in the picture", () => {
    for (let round = 0; round < ROUNDS; round++) {
      const face = randomFace();
      const other = moved(
        face,
        10 ** (4 * random() - 1),
        2 * Math.PI * random(),
        200 * random(),
        -200 * random(),
      );
      expectClose(normalise(other), normalise(face), 2e-3);
      const near = moved(face, 1 + 50 * random(), 2 * Math.PI * random(), random(), random());
      expectClose(normalise(near), normalise(face), 1e-5);
    }
  });

  it("changes nothing when applied twice", () => {
    for (let round = 0; round < ROUNDS; round++) {
      const once = normalise(randomFace());
      expectClose(normalise(once), once, 1e-6);
    }
  });

  it("brings the inner points to centroid 0 and root-mean-square distance 1", () => {
    const inner = normalise(moved(randomFace(), 70, 0.4, 300, 900)).subarray(2 * FIRST_INNER_POINT);
    const count = inner.length / 2;
    const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);
    expect(sum(inner.filter((_, index) => index % 2 === 0)) / count).toBeCloseTo(0, 5);
    expect(sum(inner.filter((_, index) => index % 2 === 1)) / count).toBeCloseTo(0, 5);
    expect(Math.sqrt(sum(inner.map((value) => value * value)) / count)).toBeCloseTo(1, 5);
  });

  it("does not let the jaw steer the inner points", () => {
    const face = randomFace();
    const chewing = face.map((value, index) => (index < 2 * FIRST_INNER_POINT ? value + random() : value));
    expect(normalise(chewing).subarray(2 * FIRST_INNER_POINT)).toEqual(
      normalise(face).subarray(2 * FIRST_INNER_POINT),
    );
  });

  it("keeps mirror images apart", () => {
    const face = randomFace();
    const mirrored = face.map((value, index) => (index % 2 === 0 ? -value : value));
    const differences = normalise(mirrored).map((value, index) => Math.abs(value - normalise(face)[index]!));
    expect(Math.max(...differences)).toBeGreaterThan(0.1);
  });

  it("works at any place of a larger buffer, also in place", () => {
    const face = randomFace();
    const buffer = new Float32Array(3 * LANDMARK_VALUES);
    buffer.set(face, LANDMARK_VALUES);
    normaliseInto(buffer, LANDMARK_VALUES, buffer, LANDMARK_VALUES);
    expect(buffer.subarray(LANDMARK_VALUES, 2 * LANDMARK_VALUES)).toEqual(normalise(face));
    expect(buffer.subarray(0, LANDMARK_VALUES).every((value) => value === 0)).toBe(true);
  });

  it("refuses points that coincide", () => {
    const wanted = expect.objectContaining({ code: "landmarks-degenerate" });
    expect(() => normalise(new Float32Array(LANDMARK_VALUES).fill(7))).toThrow(wanted);
  });
});

describe("flipLandmarks", () => {
  it("is its own inverse", () => {
    expect(FLIP.map((point) => FLIP[point])).toEqual(
      Array.from({ length: LANDMARK_COUNT }, (_, point) => point),
    );
    const face = randomFace();
    expect(flipLandmarks(flipLandmarks(face))).toEqual(face);
    expectClose(flipLandmarks(flipLandmarks(face, 320), 320), face, 1e-4);
  });

  it.each(MODEL_SCHEMES)("exchanges the points of %s in pairs", (scheme) => {
    const order = flipOrder(scheme);
    const points = Array.from({ length: SCHEMES[scheme] }, (_, point) => point);
    expect(points.map((point) => order[order[point]!])).toEqual(points);
    // Pupils (right 68 to 71, left 72 to 75) and ears (right 76, 77, left 78, 79) change sides.
    for (const point of points.slice(68, 76)) expect(order[point]! < 72).toBe(point >= 72);
    for (const point of points.slice(76, 80)) expect(order[point]! < 78).toBe(point >= 78);
  });

  it("leaves the mean face as it is", () => {
    const mean = Float32Array.from(MEAN_SHAPE);
    expectClose(flipLandmarks(mean), mean, 1e-6);
  });

  it("may come before or after normalisation", () => {
    for (let round = 0; round < ROUNDS; round++) {
      const face = moved(randomFace(), 40, random(), 5, 9);
      expectClose(normalise(flipLandmarks(face)), flipLandmarks(normalise(face)), 1e-5);
    }
  });
});
