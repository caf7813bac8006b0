/** Which part of a picture crops need. */

import type { Crop } from "../image/crop.ts";
import type { Rectangle } from "./web-platform.ts";

/** A part that is nearly all of the picture is read as all of it: it serves the next crops, too. */
const NEARLY_ALL = 0.5;
/** More than the crops of this pass, as a share of their sides, because those of the next pass move a little. */
const SPARE = 0.05;
/**
 * Parts start and end at multiples of this: colours of video are stored for blocks of pixels, and the halves, quarters … of a part
 * then have the same pixels as those of the whole picture.
 */
const GRID = 16;

/** The smallest such rectangle, within the picture, in which `size` × `size` pixels of each crop can be sampled. */
export function regionOf(
  crops: readonly Crop[],
  size: number,
  picture: { readonly width: number; readonly height: number },
): Rectangle {
  const { width, height } = picture;
  const reaches = crops.map(({ centreX, centreY, side, angle }) => {
    const turned = Math.abs(Math.cos(angle)) + Math.abs(Math.sin(angle));
    const reach = (side / 2) * (turned + SPARE) + (4 * side) / size;
    return [centreX - reach, centreY - reach, centreX + reach, centreY + reach] as const;
  });
  const left = clamp(Math.floor(Math.min(...reaches.map(([x]) => x)) / GRID) * GRID, width);
  const top = clamp(Math.floor(Math.min(...reaches.map(([, y]) => y)) / GRID) * GRID, height);
  const right = clamp(Math.ceil(Math.max(...reaches.map(([, , x]) => x)) / GRID) * GRID, width);
  const bottom = clamp(Math.ceil(Math.max(...reaches.map(([, , , y]) => y)) / GRID) * GRID, height);
  const part = { x: left, y: top, width: right - left, height: bottom - top };
  // A crop beside the picture needs nothing of it, but a picture has a pixel.
  const isNone = part.width < 1 || part.height < 1;
  const isPart = !isNone && part.width * part.height < NEARLY_ALL * width * height;
  return isPart ? part : { x: 0, y: 0, width, height };
}

/** Whether the inner rectangle lies in the outer one. */
export function holds(outer: Rectangle | undefined, inner: Rectangle): boolean {
  return (
    outer !== undefined &&
    outer.x <= inner.x &&
    outer.y <= inner.y &&
    outer.x + outer.width >= inner.x + inner.width &&
    outer.y + outer.height >= inner.y + inner.height
  );
}

function clamp(value: number, most: number): number {
  // NaN of a broken mesh becomes 0.
  return value > 0 ? Math.min(value, most) : 0;
}
