/** Which way a head points. */

import type { Pose } from "@emotionnet/core";
import { bestRotation, type Rotation } from "@emotionnet/core/geometry";
import { FRONTAL_FACE, RIGID_VERTICES } from "./frontal-face.ts";

const DEGREES = 180 / Math.PI;

/** The pose of a mesh. @param points x, y, z of each mesh point; y down, z away from the camera. */
export function poseOfMesh(points: Float32Array): Pose {
  const rigid = RIGID_VERTICES.flatMap((vertex) => [
    points[3 * vertex]!,
    points[3 * vertex + 1]!,
    points[3 * vertex + 2]!,
  ]);
  return poseOfRotation(bestRotation(FRONTAL_FACE, rigid));
}

/**
 * Angles of R = Rz(roll) · Ry(yaw) · Rx(pitch): the head nods, then turns, then tilts in the picture plane. The last row of
 * R is (sin yaw, −cos yaw · sin pitch, cos yaw · cos pitch), its first column (cos yaw · cos roll, cos yaw · sin roll, sin yaw).
 */
function poseOfRotation(r: Rotation): Pose {
  return {
    yaw: Math.atan2(r[6]!, Math.hypot(r[0]!, r[3]!)) * DEGREES,
    pitch: Math.atan2(-r[7]!, r[8]!) * DEGREES,
    roll: Math.atan2(r[3]!, r[0]!) * DEGREES,
  };
}
