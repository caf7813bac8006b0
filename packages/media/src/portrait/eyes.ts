/** Sockets, eyes whose opening follows the lids, and brows. */

import type { FaceFrame } from "./face-frame.ts";
import { band, between, distance, middle, number, type Point, spline } from "./geometry.ts";
import { ellipse } from "./head.ts";
import type { Look } from "./look.ts";

interface Eye {
  /** Corners: the one at the picture's left first. */
  readonly left: Point;
  readonly right: Point;
  /** Lids from left to right, corners included. */
  readonly upper: readonly Point[];
  readonly lower: readonly Point[];
}

export function eyesSvg(frame: FaceFrame, look: Look): string {
  const { points } = frame;
  const eyes = [36, 42].map((start): Eye => {
    const [a, b, c, d, e, f] = points.slice(start, start + 6) as [Point, Point, Point, Point, Point, Point];
    return { left: a, right: d, upper: [a, b, c, d], lower: [a, f, e, d] };
  });
  // The far socket of a turned head would cast its shade beyond the face.
  const sockets = `<g clip-path="url(#head)">${eyes.map((eye) => socket(frame, look, eye)).join("")}</g>`;
  return sockets + eyes.map((eye, index) => openEye(frame, look, eye, index)).join("");
}

function socket({ offset, unit }: FaceFrame, { skin }: Look, eye: Eye): string {
  const centre = middle(eye.left, eye.right);
  return (
    ellipse(
      offset(centre, 0, -0.03),
      0.27 * unit,
      0.15 * unit,
      `fill="${skin.shade}" opacity=".5" filter="url(#soft)"`,
    ) +
    ellipse(
      offset(centre, 0, 0.11),
      0.2 * unit,
      0.05 * unit,
      `fill="${skin.shade}" opacity=".45" filter="url(#fine)"`,
    )
  );
}

function openEye({ offset, unit }: FaceFrame, { skin, iris }: Look, eye: Eye, index: number): string {
  const width = distance(eye.left, eye.right);
  const shape = band(eye.upper, eye.lower);
  const corners = middle(eye.left, eye.right);
  const lids = middle(...eye.upper.slice(1, 3), ...eye.lower.slice(1, 3));
  const gaze = between(corners, lids, 0.5);
  // An iris is about 11.7 mm wide, the distance of the outer eye corners about 90 mm.
  const irisRadius = Math.min(0.064 * unit, 0.24 * width);
  const crease = eye.upper.map((point, at) => offset(point, 0, at === 0 || at === 3 ? -0.012 : -0.052));
  const line = (path: string, colour: string, thick: number, opacity: number) =>
    `<path d="${path}" fill="none" stroke="${colour}" stroke-linecap="round" stroke-width="${number(thick * unit)}" opacity="${opacity}"/>`;
  return (
    `<clipPath id="eye${index}"><path d="${shape}"/></clipPath>` +
    `<path d="${shape}" fill="#f4efea"/><g clip-path="url(#eye${index})">` +
    ellipse(
      gaze,
      irisRadius,
      irisRadius,
      `fill="${iris}" stroke="#1c1411" stroke-opacity=".7" stroke-width="${number(0.012 * unit)}"`,
    ) +
    ellipse(gaze, 0.42 * irisRadius, 0.42 * irisRadius, `fill="#0b0908"`) +
    ellipse(offset(gaze, -0.02, -0.02), 0.2 * irisRadius, 0.2 * irisRadius, `fill="#fff" opacity=".95"`) +
    line(spline(eye.upper.map((point) => offset(point, 0, 0.015))), "#2a1b16", 0.045, 0.3) +
    "</g>" +
    line(spline(crease), skin.deep, 0.014, 0.55) +
    line(spline(eye.lower), skin.deep, 0.014, 0.75) +
    line(spline(eye.upper), "#1f1512", 0.03, 0.95)
  );
}

/**
 * Edges of a brow below its five points, in units, from the inner end outwards: the landmarks lie on the upper edge, the
 * innermost on the lower one.
 */
const browTop = [-0.055, -0.025, -0.015, -0.015, -0.01];
const browFoot = [0.02, 0.062, 0.068, 0.05, 0.01];

/** Brows as tapered bands. */
export function browsSvg({ points, offset }: FaceFrame, { hair, skin }: Look): string {
  const brow = (line: readonly Point[]) => {
    const upper = line.map((point, at) => offset(point, 0, browTop[at]!));
    const lower = line.map((point, at) => offset(point, 0, browFoot[at]!));
    const shape = band(upper, lower);
    return (
      `<path d="${shape}" fill="${skin.deep}" opacity=".5" filter="url(#fine)"/>` +
      `<path d="${shape}" fill="${browColour(hair)}" opacity=".85"/>`
    );
  };
  return brow([21, 20, 19, 18, 17].map((at) => points[at]!)) + brow(points.slice(22, 27));
}

/** Brows are darker than light or grey hair. */
function browColour(hair: string): string {
  const channels = [1, 3, 5].map((at) => Number.parseInt(hair.slice(at, at + 2), 16));
  const limit = Math.min(1, 95 / Math.max(...channels));
  return `#${channels
    .map((value) =>
      Math.round(value * limit)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}
