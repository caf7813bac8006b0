import { describe, expect, it } from "vitest";
import { MESH_TO_IBUG68 } from "./mesh-map.ts";
import { LANDMARK_COUNT, PARTS, SCHEMES, schemeOfCount, toIbug68 } from "./scheme.ts";

/** Point i at (i, -i). */
const flat = (count: number) =>
  Float32Array.from({ length: 2 * count }, (_, index) => (index % 2 ? -1 : 1) * (index >> 1));

describe("landmark schemes", () => {
  it.each(Object.entries(SCHEMES))("tells %s by its number of points", (scheme, count) => {
    expect(schemeOfCount(count)).toBe(scheme);
    expect(toIbug68(flat(count))).toHaveLength(2 * LANDMARK_COUNT);
  });

  it.each([68, 80, 104])("keeps the first 68 of %d points", (count) => {
    expect(toIbug68(flat(count))).toEqual(flat(68));
  });

  it.each([468, 478])("takes the mapped vertices of %d mesh points", (count) => {
    const landmarks = toIbug68(flat(count));
    MESH_TO_IBUG68.forEach((vertex, point) => {
      expect([landmarks[2 * point], landmarks[2 * point + 1]]).toEqual([vertex, -vertex]);
    });
  });

  it("takes pairs as well as a flat list", () => {
    const pairs = Array.from({ length: 68 }, (_, point): [number, number] => [point, -point]);
    expect(toIbug68(pairs)).toEqual(flat(68));
    const mesh = Array.from({ length: 478 }, (_, point): [number, number] => [point, -point]);
    expect(toIbug68(mesh)).toEqual(toIbug68(flat(478)));
  });

  it("counts all numbers of pairs that are none", () => {
    const triples = Array.from({ length: 68 }, (_, point) => [point, -point, 0]);
    expect(() => toIbug68(triples as unknown as [number, number][])).toThrow(/102 points/);
    const lacking = Array.from({ length: 68 }, (_, point) => (point === 40 ? null : [point, -point]));
    expect(() => toIbug68(lacking as unknown as [number, number][])).toThrow(/67.5 points/);
  });

  it("gives points of its own", () => {
    const points = flat(68);
    toIbug68(points).fill(9);
    expect(points).toEqual(flat(68));
  });

  it("has parts that cover every point once and a mesh vertex of its own for each", () => {
    const covered = Object.values(PARTS).flatMap(([start, end]) =>
      Array.from({ length: end - start }, (_, i) => start + i),
    );
    expect(covered).toEqual(Array.from({ length: LANDMARK_COUNT }, (_, point) => point));
    expect(new Set(MESH_TO_IBUG68).size).toBe(LANDMARK_COUNT);
    expect(MESH_TO_IBUG68.every((vertex) => vertex >= 0 && vertex < 468)).toBe(true);
  });

  it.each([0, 1, 67, 69, 136])("refuses %d points", (count) => {
    expect(() => toIbug68(flat(count))).toThrow(expect.objectContaining({ code: "landmarks-count" }));
  });

  it("refuses half a point and no points", () => {
    expect(() => toIbug68(flat(68).subarray(0, 135))).toThrow(/67.5 points/);
    expect(() => toIbug68([])).toThrow(/0 points/);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e300])(
    "refuses %d as a coordinate and names the point",
    (value) => {
      const points = Array.from(flat(68));
      points[21] = value;
      expect(() => toIbug68(points)).toThrow(expect.objectContaining({ code: "landmarks-not-finite" }));
      expect(() => toIbug68(points)).toThrow(/y of point 10 /);
      points[20] = value;
      expect(() => toIbug68(points)).toThrow(/x of point 10 /);
    },
  );
});
