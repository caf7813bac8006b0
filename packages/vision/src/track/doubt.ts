/** Whether what a mesh shows can be the face that was there before. */

import type { Mesh } from "../mesh/mesh.ts";
import { MIN_PRESENCE } from "../mesh/mesh-face.ts";
import { distance, type Place } from "./motion.ts";

/** A face does not move further than this share of its size beside where it should be, from one frame to the next … */
const LONGEST_JUMP = 0.5;
/** … and does not grow or shrink by more than this factor. */
const LARGEST_GROWTH = 1.4;

/** Vertices: outer eye corners, corners of the mouth, middle of the chin. */
const RIGHT_EYE = 33;
const LEFT_EYE = 263;
const RIGHT_MOUTH = 61;
const LEFT_MOUTH = 291;
const CHIN = 152;

/** Eye distance over the distance from eyes to chin: 0.85 in a frontal face, less when the head is turned. */
const EYE_SHARE = [0.1, 1.8] as const;

export type Doubt = "no-face" | "shape" | "jump";

/** Why the mesh is not believed, if so. */
export function doubtOf(mesh: Mesh, place: Place, expected: Place): Doubt | undefined {
  // Written so that NaN is doubted.
  if (!(mesh.presence >= MIN_PRESENCE)) return "no-face";
  if (!isPlausible(mesh.points)) return "shape";
  const growth = place.size / expected.size;
  const isNear = distance(place, expected) <= LONGEST_JUMP;
  return isNear && growth < LARGEST_GROWTH && growth > 1 / LARGEST_GROWTH ? undefined : "jump";
}

/** Along the face's own axis the mouth is below the eyes and the chin below the mouth, and the proportions are a face's. */
function isPlausible(points: Float32Array): boolean {
  const middle = (a: number, b: number, axis: number) => (points[3 * a + axis]! + points[3 * b + axis]!) / 2;
  const eyesX = points[3 * LEFT_EYE]! - points[3 * RIGHT_EYE]!;
  const eyesY = points[3 * LEFT_EYE + 1]! - points[3 * RIGHT_EYE + 1]!;
  const eyes = Math.hypot(eyesX, eyesY);
  const down = (x: number, y: number) =>
    ((y - middle(RIGHT_EYE, LEFT_EYE, 1)) * eyesX - (x - middle(RIGHT_EYE, LEFT_EYE, 0)) * eyesY) / eyes;
  const mouth = down(middle(RIGHT_MOUTH, LEFT_MOUTH, 0), middle(RIGHT_MOUTH, LEFT_MOUTH, 1));
  const chin = down(points[3 * CHIN]!, points[3 * CHIN + 1]!);
  const share = eyes / chin;
  return mouth > 0 && chin > mouth && share > EYE_SHARE[0] && share < EYE_SHARE[1];
}
