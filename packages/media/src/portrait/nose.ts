/** The nose: shaded bridge, lit tip, wings, nostrils, and the folds from the wings to the mouth corners. */

import type { FaceFrame } from "./face-frame.ts";
import { band, between, distance, number, type Point, spline } from "./geometry.ts";
import { ellipse } from "./head.ts";
import type { Look } from "./look.ts";

export function noseSvg(frame: FaceFrame, { skin }: Look): string {
  const { points, offset, unit } = frame;
  const bridge = points.slice(27, 31);
  const [wingLeft, nostrilLeft, base, nostrilRight, wingRight] = points.slice(31, 36) as [
    Point,
    Point,
    Point,
    Point,
    Point,
  ];
  const tip = points[30]!;
  const side = (direction: 1 | -1, wing: Point) => {
    const inner = bridge.map((point, at) => offset(point, direction * (0.045 + 0.018 * at), 0));
    const outer = bridge.map((point, at) => offset(point, direction * (0.1 + 0.03 * at), 0.02));
    return `<path d="${band([...inner, between(inner[3]!, wing, 0.5)], [...outer, wing])}" fill="${skin.shade}" opacity=".5" filter="url(#fine)"/>`;
  };
  const lit =
    `<path d="${spline(bridge)}" fill="none" stroke="${skin.light}" stroke-width="${number(0.06 * unit)}" stroke-linecap="round" opacity=".75" filter="url(#fine)"/>` +
    ellipse(
      offset(tip, 0, 0.01),
      0.07 * unit,
      0.055 * unit,
      `fill="${skin.light}" opacity=".8" filter="url(#fine)"`,
    );
  const under = `<path d="${spline([wingLeft, nostrilLeft, base, nostrilRight, wingRight].map((p) => offset(p, 0, 0.012)))}" fill="none" stroke="${skin.deep}" stroke-width="${number(0.03 * unit)}" stroke-linecap="round" opacity=".6" filter="url(#fine)"/>`;
  const wing = (at: Point, direction: 1 | -1) => {
    const curve = [
      offset(at, direction * -0.01, -0.13),
      offset(at, direction * 0.035, -0.06),
      offset(at, direction * 0.025, 0.005),
      offset(at, direction * -0.03, 0.03),
    ];
    return `<path d="${spline(curve)}" fill="none" stroke="${skin.deep}" stroke-width="${number(0.02 * unit)}" stroke-linecap="round" opacity=".6"/>`;
  };
  const nostril = (a: Point, b: Point) => {
    const centre = offset(between(a, b, 0.5), 0, -0.012);
    return ellipse(centre, 0.36 * distance(a, b), 0.024 * unit, `fill="${skin.deep}" opacity=".9"`);
  };
  return (
    side(-1, wingLeft) +
    side(1, wingRight) +
    lit +
    under +
    wing(wingLeft, -1) +
    wing(wingRight, 1) +
    nostril(wingLeft, between(nostrilLeft, base, 0.4)) +
    nostril(between(base, nostrilRight, 0.6), wingRight) +
    fold(frame, skin.deep, 31, 48, -1) +
    fold(frame, skin.deep, 35, 54, 1)
  );
}

/** Deeper the wider the mouth is drawn apart. */
function fold(
  { points, offset, unit }: FaceFrame,
  colour: string,
  wing: number,
  corner: number,
  direction: 1 | -1,
): string {
  const mouthWidth = distance(points[48]!, points[54]!) / unit;
  const depth = Math.max(0.12, Math.min(0.6, (mouthWidth - 0.5) * 3));
  const curve = [
    offset(points[wing]!, direction * 0.05, -0.06),
    offset(between(points[wing]!, points[corner]!, 0.45), direction * 0.09, 0),
    offset(points[corner]!, direction * 0.09, 0.02),
  ];
  return `<path d="${spline(curve)}" fill="none" stroke="${colour}" stroke-width="${number(0.028 * unit)}" stroke-linecap="round" opacity="${number(depth)}" filter="url(#fine)"/>`;
}
