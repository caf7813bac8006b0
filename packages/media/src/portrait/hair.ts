/** Hair behind and over the skull; the forehead and the brows stay free. */

import type { FaceFrame } from "./face-frame.ts";
import { distance, dome, number, type Point, spline } from "./geometry.ts";
import { crownOf, ellipse } from "./head.ts";
import type { Look } from "./look.ts";

/** Long hair falls behind the neck, tied hair shows its knot above the crown. */
export function hairBehindSvg(frame: FaceFrame, { hair, hairStyle }: Look): string {
  const { points, offset, unit } = frame;
  const crown = crownOf(frame);
  if (hairStyle === "tied") {
    return ellipse(offset(crown, 0, -0.12), 0.3 * unit, 0.26 * unit, `fill="${hair}"`);
  }
  if (hairStyle !== "long") return "";
  const curtain = (jaw: Point, side: 1 | -1) => [
    offset(crown, side * 0.6, 0.05),
    offset(jaw, side * 0.34, -0.3),
    offset(jaw, side * 0.38, 0.6),
    offset(jaw, side * 0.34, 1.25),
    offset(jaw, side * 0.1, 1.42),
    offset(jaw, side * -0.3, 1.36),
  ];
  const left = curtain(points[0]!, -1);
  const right = curtain(points[16]!, 1);
  const outline = [...left.reverse(), offset(crown, 0, -0.13), ...right];
  return `<path d="${spline(outline)}Z" fill="${hair}"/>`;
}

/** The cap of hair from temple to temple, with a lighter sheen. */
export function hairSvg(frame: FaceFrame, { hair }: Look): string {
  const { points, offset, unit } = frame;
  const crown = crownOf(frame);
  const first = points[0]!;
  const last = points[16]!;
  const half = distance(first, last) / 2 / unit;
  const outer = dome(offset(first, -0.06, -0.1), offset(crown, 0, -0.12), offset(last, 0.06, -0.1), 13);
  const hairline = dome(offset(last, -0.02, -0.16), offset(crown, 0, 0.26), offset(first, 0.02, -0.16), 13);
  const sheen = [offset(crown, -0.5 * half, 0.2), offset(crown, -0.2, 0.06), offset(crown, 0.3 * half, 0.08)];
  return (
    `<path d="${spline(outer)}${spline(hairline, "L")}Z" fill="${hair}"/>` +
    `<path d="${spline(sheen)}" fill="none" stroke="#fff" stroke-linecap="round" stroke-width="${number(0.08 * unit)}" opacity=".14" filter="url(#soft)"/>`
  );
}
