/** Where to look for a mesh: squares around a detection, or around the mesh of the pass before. */

import type { Detection } from "../detect/detector.ts";
import type { Crop } from "../image/crop.ts";

/** Crop side over the longer side of the detector's box. Wider than usual: wide-open mouths must fit. */
const FIRST_SCALE = 2;
/** Crop side over the longer side of the mesh's own box. */
const NEXT_SCALE = 1.5;

/** Vertices of the outer eye corners: the person's right and left. */
const RIGHT_EYE_CORNER = 33;
const LEFT_EYE_CORNER = 263;

/** The square of the first pass, turned so that the eyes lie level. */
export function cropOfDetection({ centreX, centreY, size, roll }: Detection): Crop {
  return { centreX, centreY, side: FIRST_SCALE * size, angle: roll };
}

/** The square of a further pass, turned so that the eyes lie level. @param points x, y, z of each mesh point. */
export function cropOfMesh(points: Float32Array): Crop {
  const angle = Math.atan2(
    points[3 * LEFT_EYE_CORNER + 1]! - points[3 * RIGHT_EYE_CORNER + 1]!,
    points[3 * LEFT_EYE_CORNER]! - points[3 * RIGHT_EYE_CORNER]!,
  );
  const cosine = Math.cos(angle);
  const sine = Math.sin(angle);
  let left = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < points.length; at += 3) {
    const across = points[at]! * cosine + points[at + 1]! * sine;
    const down = points[at + 1]! * cosine - points[at]! * sine;
    left = Math.min(left, across);
    right = Math.max(right, across);
    top = Math.min(top, down);
    bottom = Math.max(bottom, down);
  }
  const middleAcross = (left + right) / 2;
  const middleDown = (top + bottom) / 2;
  return {
    centreX: middleAcross * cosine - middleDown * sine,
    centreY: middleAcross * sine + middleDown * cosine,
    side: NEXT_SCALE * Math.max(right - left, bottom - top),
    angle,
  };
}
