/** Which points a turned head hides, and where the outline of the face then runs. */

import { LANDMARK_COUNT, PARTS } from "@emotionnet/core";

const CHIN = 8;
/** Half axes of the head's horizontal section around its axis, in outer-eye distances: half the jaw width, and ears to lips. */
const SECTION = { width: 0.82, depth: 0.8 };
/** Points whose surface turns away further than this are hidden: a little early, because noses and brows stand out. */
const HIDDEN_COSINE = 0.05;
/** The jaw line is the outline itself and only disappears once the head has turned by about 20°. */
const HIDDEN_JAW_COSINE = -0.35;
/** Central points: their surface faces forward whatever the section says. */
const UPPER_CENTRE = [21, 22];
const LIPS = [51, 57];

/** Writes 1 for each of the 68 points that the head itself hides from a camera at this yaw (degrees). */
export function selfOcclusion(face: Float64Array, yaw: number, hidden: Uint8Array): void {
  const [cosine, sine] = [Math.cos((yaw * Math.PI) / 180), Math.sin((yaw * Math.PI) / 180)];
  const axisZ = (face[2]! + face[3 * 16 + 2]!) / 2;
  for (let point = 0; point < LANDMARK_COUNT; point++) {
    const normalX = face[3 * point]! / SECTION.width ** 2;
    const normalZ = Math.max(0, face[3 * point + 2]! - axisZ) / SECTION.depth ** 2;
    const length = Math.hypot(normalX, normalZ) || 1;
    // The camera stands at −yaw in the head's frame.
    const facing = (normalZ * cosine - normalX * sine) / length;
    const isJaw = point < PARTS.jaw[1];
    const isNearSide = normalX * sine <= 0;
    const isTurnedAway = facing < (isJaw ? HIDDEN_JAW_COSINE : HIDDEN_COSINE);
    hidden[point] = isTurnedAway && !(isJaw && isNearSide) ? 1 : 0;
  }
}

/**
 * Moves the jaw points of the far side towards the visible outline of the face, where people mark them.
 * At each jaw point's height the head is an ellipse through that point and the middle of the face; its silhouette
 * as seen from the camera is the point where the ellipse's tangent looks at the camera.
 * @param share 0: leave the points on the skull; 1: all the way to the outline.
 */
export function moveJawToOutline(face: Float64Array, yaw: number, share: number): void {
  if (share === 0) return;
  const angle = (Math.abs(yaw) * Math.PI) / 180;
  const side = Math.sign(yaw);
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  for (let point = 0; point < PARTS.jaw[1]; point++) {
    const x = face[3 * point]!;
    const isFar = point !== CHIN && x * side > 0;
    if (!isFar) continue;
    const z = face[3 * point + 2]!;
    const width = Math.abs(x);
    const depth = Math.max(0, frontDepth(face, face[3 * point + 1]!) - z);
    const turn = share * Math.atan2(depth * sine, width * cosine);
    face[3 * point] = side * width * Math.cos(turn);
    face[3 * point + 2] = z + depth * Math.sin(turn);
  }
}

/** Depth of the face's middle line without the nose at height y: brows, lips and chin, joined by straight lines. */
function frontDepth(face: Float64Array, y: number): number {
  const [brow, lip] = [UPPER_CENTRE, LIPS].map((pair) => ({
    y: (face[3 * pair[0]! + 1]! + face[3 * pair[1]! + 1]!) / 2,
    z: (face[3 * pair[0]! + 2]! + face[3 * pair[1]! + 2]!) / 2,
  })) as [{ y: number; z: number }, { y: number; z: number }];
  const chin = { y: face[3 * CHIN + 1]!, z: face[3 * CHIN + 2]! };
  const [above, below] = y > lip.y ? [brow, lip] : [lip, chin];
  const share = Math.min(1, Math.max(0, (above.y - y) / (above.y - below.y || 1)));
  return above.z + share * (below.z - above.z);
}
