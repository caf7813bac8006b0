/** Labelled landmarks → label JSON in the original's form. */

import type { Box } from "@emotionnet/core";

/** What a label file says about one face. */
export interface FaceLabel {
  /** Path of the picture. */
  readonly image: string;
  /** x, y of at least 68 points in pixels, y down. */
  readonly landmarks: ArrayLike<number>;
  /** 1 where a point is hidden; left out when nothing is known about it. */
  readonly occluded?: ArrayLike<number>;
}

const TOOL_VERSION = "1.0";
const INDENT = 4;

/**
 * The text of a label file with one face: a list of one image object, the box as whole numbers in texts and the
 * coordinates with the precision of a 32-bit float, as the original's CK+ converter writes them.
 */
export function labelJson(label: FaceLabel): string {
  const box = tightBox(label.landmarks);
  const points: Record<string, number | boolean> = {};
  for (let point = 0; point < label.landmarks.length / 2; point++) {
    points[`P${point + 1}x`] = Math.fround(label.landmarks[2 * point]!);
    points[`P${point + 1}y`] = Math.fround(label.landmarks[2 * point + 1]!);
    if (label.occluded) points[`P${point + 1}occluded`] = label.occluded[point] === 1;
  }
  const image = {
    class: "image",
    filename: label.image,
    annotations: [
      {
        class: "FaceBbox",
        "tool-version": TOOL_VERSION,
        face_tight_bboxx: String(box.x),
        face_tight_bboxy: String(box.y),
        face_tight_bboxwidth: String(box.width),
        face_tight_bboxheight: String(box.height),
      },
      { class: "FiducialPoints", "tool-version": TOOL_VERSION, ...points },
    ],
  };
  return `${JSON.stringify([image], undefined, INDENT)}\n`;
}

/** The box of the points, each of its four numbers cut to a whole one; at least one pixel wide and high. */
export function tightBox(landmarks: ArrayLike<number>): Box {
  const xs = Array.from({ length: landmarks.length / 2 }, (_, point) => landmarks[2 * point]!);
  const ys = Array.from({ length: landmarks.length / 2 }, (_, point) => landmarks[2 * point + 1]!);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return {
    x: Math.trunc(left),
    y: Math.trunc(top),
    width: Math.max(1, Math.trunc(Math.max(...xs) - left)),
    height: Math.max(1, Math.trunc(Math.max(...ys) - top)),
  };
}
