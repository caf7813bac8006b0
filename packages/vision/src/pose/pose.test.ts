import { bestRotation } from "@emotionnet/core/geometry";
import { expect, test } from "vitest";
import { MESH_POINTS } from "../mesh/mesh-model.ts";
import { FRONTAL_FACE, RIGID_VERTICES } from "./frontal-face.ts";
import { poseOfMesh } from "./pose.ts";

type Point = readonly [x: number, y: number, z: number];
const radians = Math.PI / 180;

// One function an angle, each in the words of the sign convention; x right, y down, z away from the camera.
/** The nose, which is nearest to the camera, moves to the right of the picture: the face's own left. */
function turnToOwnLeft([x, y, z]: Point, degrees: number): Point {
  const [c, s] = [Math.cos(degrees * radians), Math.sin(degrees * radians)];
  return [c * x - s * z, y, s * x + c * z];
}

/** The nose moves up. */
function lookUp([x, y, z]: Point, degrees: number): Point {
  const [c, s] = [Math.cos(degrees * radians), Math.sin(degrees * radians)];
  return [x, c * y + s * z, -s * y + c * z];
}

/** The forehead moves to the right of the picture: clockwise. */
function tiltClockwise([x, y, z]: Point, degrees: number): Point {
  const [c, s] = [Math.cos(degrees * radians), Math.sin(degrees * radians)];
  return [c * x - s * y, s * x + c * y, z];
}

function meshOf(change: (point: Point) => Point): Float32Array {
  const mesh = new Float32Array(MESH_POINTS * 3);
  for (const [index, vertex] of RIGID_VERTICES.entries()) {
    const point = FRONTAL_FACE.slice(3 * index, 3 * index + 3) as unknown as Point;
    const [x, y, z] = change(point);
    mesh.set([320 + 90 * x, 240 + 90 * y, 90 * z], 3 * vertex);
  }
  return mesh;
}

test.each([
  [0, 0, 0],
  [30, 0, 0],
  [0, 20, 0],
  [0, 0, 45],
  [-60, 15, -30],
  [25, -35, 110],
  [80, 10, -170],
])("yaw %d, pitch %d, roll %d are read back at any size and place", (yaw, pitch, roll) => {
  const pose = poseOfMesh(meshOf((point) => tiltClockwise(turnToOwnLeft(lookUp(point, pitch), yaw), roll)));
  expect(pose.yaw).toBeCloseTo(yaw, 3);
  expect(pose.pitch).toBeCloseTo(pitch, 3);
  expect(pose.roll).toBeCloseTo(roll, 3);
});

test("the words of the convention hold: the tip of the nose goes where the angle says", () => {
  const nose: Point = [0, 0, -1];
  expect(turnToOwnLeft(nose, 30)[0]).toBeGreaterThan(0);
  expect(lookUp(nose, 30)[1]).toBeLessThan(0);
  expect(tiltClockwise([0, -1, 0], 30)[0]).toBeGreaterThan(0);
});

test("the frontal face is symmetric and its nose is nearest to the camera", () => {
  expect(RIGID_VERTICES.length * 3).toBe(FRONTAL_FACE.length);
  const at = (vertex: number) => 3 * RIGID_VERTICES.indexOf(vertex);
  expect(FRONTAL_FACE[at(33)]! + FRONTAL_FACE[at(263)]!).toBeCloseTo(0, 3);
  expect(FRONTAL_FACE[at(4)]).toBeCloseTo(0, 3);
  for (const vertex of [10, 33, 127, 356]) {
    expect(FRONTAL_FACE[at(4) + 2]).toBeLessThan(FRONTAL_FACE[at(vertex) + 2]!);
  }
});

test("noise moves the rotation a little, never into a mirror image", () => {
  const from = FRONTAL_FACE;
  const noisy = from.map((value, index) => value + 0.02 * Math.sin(index * 12.9898));
  const r = bestRotation(from, noisy);
  const determinant =
    r[0]! * (r[4]! * r[8]! - r[5]! * r[7]!) -
    r[1]! * (r[3]! * r[8]! - r[5]! * r[6]!) +
    r[2]! * (r[3]! * r[7]! - r[4]! * r[6]!);
  expect(determinant).toBeCloseTo(1, 9);
  expect(r[0]! + r[4]! + r[8]!).toBeGreaterThan(2.99);
});
