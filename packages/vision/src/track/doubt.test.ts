import { expect, test } from "vitest";
import { MESH_POINTS } from "../mesh/mesh-model.ts";
import { doubtOf } from "./doubt.ts";

/** A mesh with eyes, mouth and chin at these heights below the eyes, turned by `angle`. */
function mesh(mouth: number, chin: number, angle = 0): Float32Array {
  const points = new Float32Array(3 * MESH_POINTS);
  const place = (vertex: number, x: number, y: number) => {
    points[3 * vertex] = 200 + x * Math.cos(angle) - y * Math.sin(angle);
    points[3 * vertex + 1] = 100 + x * Math.sin(angle) + y * Math.cos(angle);
  };
  place(33, -45, 0);
  place(263, 45, 0);
  place(61, -25, mouth);
  place(291, 25, mouth);
  place(152, 0, chin);
  return points;
}

const here = { x: 200, y: 140, size: 150 };

test("a face where it should be is believed, however it is tilted", () => {
  for (const angle of [0, 1, -2, 3.1]) {
    expect(doubtOf({ points: mesh(70, 105, angle), presence: 0.9 }, here, here)).toBeUndefined();
  }
});

test.each([
  ["no-face", mesh(70, 105), 0.2, here],
  ["no-face", mesh(70, 105), Number.NaN, here],
  ["shape", mesh(-20, 105), 0.9, here],
  ["shape", mesh(70, 40), 0.9, here],
  ["shape", new Float32Array(3 * MESH_POINTS), 0.9, here],
  ["shape", mesh(Number.NaN, 105), 0.9, here],
  ["jump", mesh(70, 105), 0.9, { x: 300, y: 140, size: 150 }],
  ["jump", mesh(70, 105), 0.9, { x: 200, y: 140, size: 90 }],
] as const)("doubt: %s", (doubt, points, presence, place) => {
  expect(doubtOf({ points, presence }, place, here)).toBe(doubt);
});
