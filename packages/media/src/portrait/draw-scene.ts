/** Several drawn people in one picture, as frames of a drawn clip are. */

import type { Points, RgbImage } from "@emotionnet/core";
import { renderSvg } from "../svg/render-svg.ts";
import { portraitSvg } from "./draw-portrait.ts";

export interface SceneHead {
  /** 68 points, as for `drawPortrait`. */
  readonly landmarks: Points;
  /** Chooses the looks of the person. */
  readonly seed: number;
  /** Pixels: middle of the head, and side of the portrait that it is cut from (the head fills half of it). */
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

/** Middle and half axes of the ellipse that holds a head with its hair, as shares of the portrait's side. */
const middle = 0.47;
const halfWidth = 0.29;
const halfHeight = 0.38;

/** Grey of the wall behind, 0..255. */
const wall = 176;

/** Heads before a plain wall, the later ones in front; what reaches out of the picture is cut. */
export async function drawScene(
  width: number,
  height: number,
  heads: readonly SceneHead[],
): Promise<RgbImage> {
  const scene = { width, height, data: new Uint8Array(width * height * 3).fill(wall) };
  for (const { landmarks, seed, x, y, size } of heads) {
    const portrait = await rendered(portraitSvg(landmarks, { seed, size }).svg);
    pasteHead(scene, portrait, Math.round(x - size / 2), Math.round(y - size * middle));
  }
  return scene;
}

/** Frames of a clip often repeat a face, moved: the last portraits are kept. */
const kept = new Map<string, Promise<RgbImage>>();
const mostKept = 8;

function rendered(svg: string): Promise<RgbImage> {
  const portrait = kept.get(svg) ?? renderSvg(svg);
  kept.delete(svg);
  kept.set(svg, portrait);
  if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
  return portrait;
}

function pasteHead(scene: RgbImage, portrait: RgbImage, left: number, top: number): void {
  const size = portrait.width;
  for (let row = Math.max(0, -top); row < Math.min(size, scene.height - top); row++) {
    const down = (row / size - middle) / halfHeight;
    const reach = halfWidth * size * Math.sqrt(Math.max(0, 1 - down * down));
    const from = Math.max(0, -left, Math.ceil(size / 2 - reach));
    const to = Math.min(size, scene.width - left, Math.floor(size / 2 + reach));
    if (to <= from) continue;
    const pixels = portrait.data.subarray(3 * (row * size + from), 3 * (row * size + to));
    scene.data.set(pixels, 3 * ((row + top) * scene.width + left + from));
  }
}
