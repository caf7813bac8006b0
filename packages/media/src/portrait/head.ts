/** Neck, shoulders, ears and the skull with its shading. */

import type { FaceFrame } from "./face-frame.ts";
import { between, distance, dome, format, middle, number, type Point, spline } from "./geometry.ts";
import type { Look } from "./look.ts";

/** The outline of the head: the jaw through its points, closed by a forehead about one unit above the brows. */
export function headOutline(frame: FaceFrame): string {
  return `${spline(headPoints(frame))}Z`;
}

/** The jaw from the picture's left to its right, then the skull back to the start. */
export function headPoints(frame: FaceFrame): Point[] {
  const { points, offset } = frame;
  const jaw = points.slice(0, 17);
  const first = jaw[0]!;
  const last = jaw[16]!;
  return [...jaw, ...dome(offset(last, 0.03, -0.2), crownOf(frame), offset(first, -0.03, -0.2)), first];
}

/** The top of the skull. */
export function crownOf({ points, offset }: FaceFrame): Point {
  const temples = middle(points[0]!, points[16]!);
  return offset(between(temples, points[27]!, 0.5), 0, -1.12);
}

/** Everything behind the face. */
export function bodySvg(frame: FaceFrame, look: Look): string {
  const { points, offset, size, unit } = frame;
  const chin = points[8]!;
  const { skin } = look;
  const neckLeft = offset(points[4]!, 0.12, 0);
  const neckRight = offset(points[12]!, -0.12, 0);
  const floor = size * 1.02;
  const collar = offset(points[27]!, 0, 1.75)[1];
  const reach = 1.75 * unit;
  const neck =
    `M${format(neckLeft)}L${number(neckLeft[0] - 0.04 * unit)} ${number(collar)}` +
    `L${number(chin[0])} ${number(collar + 0.5 * unit)}` +
    `L${number(neckRight[0] + 0.04 * unit)} ${number(collar)}L${format(neckRight)}Z`;
  const shoulders =
    `M${number(chin[0] - reach)} ${number(floor)}` +
    `C${number(chin[0] - reach)} ${number(collar + 0.28 * unit)} ${number(neckLeft[0] - 0.3 * unit)} ${number(collar + 0.1 * unit)} ${number(neckLeft[0] - 0.05 * unit)} ${number(collar - 0.16 * unit)}` +
    `Q${number(chin[0])} ${number(collar + 0.66 * unit)} ${number(neckRight[0] + 0.05 * unit)} ${number(collar - 0.16 * unit)}` +
    `C${number(neckRight[0] + 0.3 * unit)} ${number(collar + 0.1 * unit)} ${number(chin[0] + reach)} ${number(collar + 0.28 * unit)} ${number(chin[0] + reach)} ${number(floor)}Z`;
  const shadow = ellipse(
    offset(chin, 0, 0.2),
    0.62 * unit,
    0.3 * unit,
    `fill="${skin.deep}" opacity=".55" filter="url(#soft)"`,
  );
  return (
    `<clipPath id="neckEdge"><path d="${neck}"/></clipPath><path d="${neck}" fill="url(#neck)"/>` +
    `<g clip-path="url(#neckEdge)">${shadow}</g>` +
    `<path d="${shoulders}" fill="url(#cloth)"/>${ear(frame, look, 0)}${ear(frame, look, 16)}`
  );
}

function ear({ points, offset, unit }: FaceFrame, { skin }: Look, jawPoint: 0 | 16): string {
  const side = jawPoint === 0 ? -1 : 1;
  const centre = offset(points[jawPoint]!, side * 0.06, 0.12);
  // A head that turns hides the far ear: its side of the face is the narrow one.
  const sideWidth = distance(points[jawPoint]!, points[27]!);
  const otherWidth = distance(points[16 - jawPoint]!, points[27]!);
  if (sideWidth < 0.6 * otherWidth) return "";
  return (
    ellipse(
      centre,
      0.15 * unit,
      0.3 * unit,
      `fill="${skin.base}" stroke="${skin.shade}" stroke-width="${number(0.015 * unit)}"`,
    ) +
    ellipse(
      offset(centre, side * 0.02, 0),
      0.08 * unit,
      0.19 * unit,
      `fill="${skin.shade}" opacity=".6" filter="url(#fine)"`,
    )
  );
}

/** The skull with light from the front: bright middle, darker rim, shaded temples, cheeks and chin. */
export function faceSvg(frame: FaceFrame, { skin }: Look): string {
  const { points, offset, unit } = frame;
  const outline = headOutline(frame);
  const shaded = (centre: Point, wide: number, high: number, colour: string, opacity: number) =>
    ellipse(centre, wide * unit, high * unit, `fill="${colour}" opacity="${opacity}" filter="url(#soft)"`);
  const cheek = (jaw: number, mouthCorner: number, eye: number) =>
    middle(points[jaw]!, points[mouthCorner]!, points[eye]!);
  const rightCheek = cheek(2, 48, 41);
  const leftCheek = cheek(14, 54, 46);
  return (
    `<clipPath id="head"><path d="${outline}"/></clipPath>` +
    `<path d="${outline}" fill="url(#skin)"/><g clip-path="url(#head)">` +
    shaded(offset(points[2]!, -0.04, 0.05), 0.17, 0.75, skin.shade, 0.55) +
    shaded(offset(points[14]!, 0.04, 0.05), 0.17, 0.75, skin.shade, 0.55) +
    shaded(offset(points[8]!, 0, 0.04), 0.5, 0.1, skin.shade, 0.6) +
    shaded(offset(middle(points[57]!, points[8]!), 0, -0.1), 0.2, 0.05, skin.shade, 0.5) +
    shaded(offset(points[8]!, 0, -0.17), 0.17, 0.09, skin.light, 0.5) +
    shaded(rightCheek, 0.24, 0.17, skin.lip, 0.2) +
    shaded(leftCheek, 0.24, 0.17, skin.lip, 0.2) +
    shaded(offset(rightCheek, 0.02, -0.12), 0.2, 0.1, skin.light, 0.45) +
    shaded(offset(leftCheek, -0.02, -0.12), 0.2, 0.1, skin.light, 0.45) +
    shaded(offset(points[27]!, 0, -0.5), 0.5, 0.22, skin.light, 0.5) +
    "</g>" +
    `<path d="${spline(points.slice(0, 17))}" fill="none" stroke="${skin.deep}" stroke-opacity=".45" stroke-width="${number(0.02 * unit)}" filter="url(#fine)"/>`
  );
}

export function ellipse(centre: Point, wide: number, high: number, paint: string): string {
  return `<ellipse cx="${number(centre[0])}" cy="${number(centre[1])}" rx="${number(wide)}" ry="${number(high)}" ${paint}/>`;
}
