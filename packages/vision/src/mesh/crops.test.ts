import { expect, test } from "vitest";
import { cropOfMesh } from "./crops.ts";
import { MESH_MIRROR } from "./mesh-mirror.ts";
import { MESH_POINTS } from "./mesh-model.ts";

/** A mesh whose points fill a box of 80 × 100 around (200, 150), turned by `angle` about its middle. */
function boxMesh(angle: number): Float32Array {
  const points = new Float32Array(MESH_POINTS * 3);
  for (let point = 0; point < MESH_POINTS; point++) {
    const across = ((point % 22) / 21 - 0.5) * 80;
    const down = (Math.floor(point / 22) / 21 - 0.5) * 100;
    points.set(place(across, down, angle), 3 * point);
  }
  points.set(place(-30, -20, angle), 3 * 33);
  points.set(place(30, -20, angle), 3 * 263);
  points.set(place(40, 50, angle), 3 * 477);
  return points;
}

function place(across: number, down: number, angle: number): [number, number, number] {
  return [
    200 + across * Math.cos(angle) - down * Math.sin(angle),
    150 + across * Math.sin(angle) + down * Math.cos(angle),
    0,
  ];
}

test.each([0, 0.4, -1.5, 3])(
  "a face tilted by %f radians gets a crop tilted as much, of the same size",
  (angle) => {
    const crop = cropOfMesh(boxMesh(angle));
    expect(crop.centreX).toBeCloseTo(200, 2);
    expect(crop.centreY).toBeCloseTo(150, 2);
    expect(crop.side).toBeCloseTo(150, 2);
    expect(crop.angle).toBeCloseTo(angle, 4);
  },
);

test("the mirror is its own inverse and swaps the known pairs", () => {
  expect(MESH_MIRROR).toHaveLength(MESH_POINTS);
  for (const [vertex, partner] of MESH_MIRROR.entries()) expect(MESH_MIRROR[partner]).toBe(vertex);
  for (const [right, left] of [
    [33, 263],
    [133, 362],
    [61, 291],
    [234, 454],
    [70, 300],
    [468, 473],
  ] as const) {
    expect(MESH_MIRROR[right]).toBe(left);
  }
  for (const middle of [1, 10, 13, 14, 152, 168]) expect(MESH_MIRROR[middle]).toBe(middle);
});
