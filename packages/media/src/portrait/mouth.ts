/** Lips shaded above and below; an open mouth has teeth, tongue and depth. */

import type { FaceFrame } from "./face-frame.ts";
import { band, between, distance, middle, number, type Point, spline } from "./geometry.ts";
import { ellipse } from "./head.ts";
import type { Look } from "./look.ts";

export function mouthSvg(frame: FaceFrame, { skin }: Look): string {
  const { points, offset, unit } = frame;
  const at = (index: number) => points[index]!;
  const upperEdge = [48, 49, 50, 51, 52, 53, 54].map(at);
  const lowerEdge = [48, 59, 58, 57, 56, 55, 54].map(at);
  const innerUpper = [60, 61, 62, 63, 64].map(at);
  const innerLower = [60, 67, 66, 65, 64].map(at);
  const upperLip = band(upperEdge, [at(48), ...innerUpper, at(54)]);
  const lowerLip = band([at(48), ...innerLower, at(54)], lowerEdge);
  const opening = distance(at(62), at(66)) / unit;
  const line = (path: readonly Point[], colour: string, thick: number, opacity: number, filter = "") =>
    `<path d="${spline(path)}" fill="none" stroke="${colour}" stroke-linecap="round" stroke-width="${number(thick * unit)}" opacity="${opacity}"${filter}/>`;
  const soft = ' filter="url(#fine)"';
  return (
    insideOfMouth(frame, innerUpper, innerLower, opening) +
    line(
      [57, 58, 59].map((p) => offset(at(p), 0, 0.03)),
      skin.shade,
      0.03,
      0.35,
      soft,
    ) +
    `<path d="${upperLip}" fill="url(#upperLip)"/><path d="${lowerLip}" fill="url(#lowerLip)"/>` +
    ellipse(
      offset(middle(at(66), at(57)), 0, 0.01),
      0.13 * unit,
      0.018 * unit,
      `fill="#fff" opacity=".3" filter="url(#fine)"`,
    ) +
    line(upperEdge, skin.deep, 0.012, 0.55) +
    line(lowerEdge, skin.deep, 0.014, 0.45) +
    line([at(48), ...innerUpper, at(54)], "#3a1512", opening < 0.02 ? 0.022 : 0.012, 0.85) +
    line([offset(at(51), 0, -0.13), offset(at(51), 0, -0.03)], skin.shade, 0.04, 0.35, soft) +
    ellipse(at(48), 0.03 * unit, 0.025 * unit, `fill="${skin.deep}" opacity=".5" filter="url(#fine)"`) +
    ellipse(at(54), 0.03 * unit, 0.025 * unit, `fill="${skin.deep}" opacity=".5" filter="url(#fine)"`)
  );
}

/** Openings in units of the outer-eye distance. */
const visibleOpening = 0.015;
const tongueOpening = 0.16;
const upperTeethHeight = 0.1;

function insideOfMouth(
  { offset, unit }: FaceFrame,
  innerUpper: readonly Point[],
  innerLower: readonly Point[],
  opening: number,
): string {
  if (opening < visibleOpening) return "";
  const hole = band(innerUpper, innerLower);
  const teethHeight = Math.min(upperTeethHeight, 0.9 * opening);
  const upperTeeth = band(
    innerUpper,
    innerUpper.map((point) => offset(point, 0, teethHeight)),
  );
  const parts = [`<path d="${upperTeeth}" fill="#efe9df"/>`];
  if (opening > tongueOpening) {
    const floor = innerLower[2]!;
    const width = 0.3 * distance(innerLower[0]!, innerLower[4]!);
    const lowerTeeth = band(
      innerLower.map((point) => offset(point, 0, -0.035)),
      innerLower,
    );
    parts.push(
      ellipse(between(floor, innerUpper[2]!, 0.12), width, 0.32 * opening * unit, `fill="#a84a4a"`),
      ellipse(
        between(floor, innerUpper[2]!, 0.2),
        0.6 * width,
        0.16 * opening * unit,
        `fill="#c26a66" opacity=".6" filter="url(#fine)"`,
      ),
      `<path d="${lowerTeeth}" fill="#ddd5c9"/>`,
    );
  }
  return (
    `<clipPath id="hole"><path d="${hole}"/></clipPath><path d="${hole}" fill="#2a0c0c"/>` +
    `<g clip-path="url(#hole)">${parts.join("")}</g>`
  );
}
