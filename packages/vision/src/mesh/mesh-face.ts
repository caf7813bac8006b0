/** The mesh of a face → what is told about it. */

import { type Box, type Face, toIbug68 } from "@emotionnet/core";
import { poseOfMesh } from "../pose/pose.ts";
import { MESH_POINTS } from "./mesh-model.ts";

/** A face with all points of the mesh. */
export interface MeshFace extends Face {
  /** x, y, z of 478 points: pixels of the picture, z smaller nearer to the camera. */
  readonly mesh: Float32Array;
}

/** Below this the mesh network itself says that it was shown no face. */
export const MIN_PRESENCE = 0.5;

/** @param mesh x, y, z of 478 points. @param score of the detector, 0..1. */
export function faceOf(mesh: Float32Array, score: number): MeshFace {
  const places = new Float32Array(MESH_POINTS * 2);
  for (let point = 0; point < MESH_POINTS; point++) {
    places[2 * point] = mesh[3 * point]!;
    places[2 * point + 1] = mesh[3 * point + 1]!;
  }
  return { box: boxOf(places), score, landmarks: toIbug68(places), pose: poseOfMesh(mesh), mesh };
}

/** The box of points given as x, y pairs. */
export function boxOf(places: Float32Array): Box {
  const xs = places.filter((_, index) => index % 2 === 0);
  const ys = places.filter((_, index) => index % 2 === 1);
  const x = Math.min(...xs);
  const y = Math.min(...ys);
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** Two meshes whose middles are nearer than this share of the smaller one's size are of the same face. */
const SAME_FACE_DISTANCE = 0.35;

/**
 * Whether two boxes are of one face: their middles are near, or one lies within the other. The detector sometimes takes an
 * eye of a large face for a face of its own.
 */
export function isSameFace(a: Box, b: Box): boolean {
  const smaller = Math.min(a.width + a.height, b.width + b.height) / 2;
  const [apartX, apartY] = apart(a, b);
  return Math.hypot(apartX, apartY) < SAME_FACE_DISTANCE * smaller || liesWithin(a, b) || liesWithin(b, a);
}

function apart(a: Box, b: Box): [x: number, y: number] {
  return [a.x + a.width / 2 - (b.x + b.width / 2), a.y + a.height / 2 - (b.y + b.height / 2)];
}

/** Wholly in the outer box, its middle in the box's ellipse: corners of a box show what is behind the face. */
function liesWithin(inner: Box, outer: Box): boolean {
  const [apartX, apartY] = apart(inner, outer);
  return (
    Math.hypot((2 * apartX) / outer.width, (2 * apartY) / outer.height) < 1 &&
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}
