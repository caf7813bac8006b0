/**
 * A drawn person whose face has given landmarks. Nobody's picture: demos and tests can show faces, and run the whole way
 * from pixels to an expression, without a photo of anyone.
 */

import type { Points, RgbImage } from "@emotionnet/core";
import { renderSvg } from "../svg/render-svg.ts";
import { browsSvg, eyesSvg } from "./eyes.ts";
import { type FaceFrame, faceFrame } from "./face-frame.ts";
import { number, type Point } from "./geometry.ts";
import { hairBehindSvg, hairSvg } from "./hair.ts";
import { bodySvg, faceSvg } from "./head.ts";
import { type Look, lookOf } from "./look.ts";
import { mouthSvg } from "./mouth.ts";
import { noseSvg } from "./nose.ts";

export interface PortraitOptions {
  /** Side of the square picture, pixels. Default 512. */
  readonly size?: number;
  /** Chooses skin, hair, eyes, clothes and background. Default 0. */
  readonly seed?: number;
}

export interface PortraitDrawing {
  readonly svg: string;
  /** Where the 68 points lie in the drawing: Float32Array(136), pixels. */
  readonly landmarks: Float32Array;
}

/**
 * Pixels of the portrait.
 * @param landmarks 68 points (136 numbers or pairs), any unit, y down; their own roll is kept, their size and place are not.
 * @throws EmotionNetError `landmarks-count`, `landmarks-not-finite`, `landmarks-degenerate`.
 */
export async function drawPortrait(landmarks: Points, options: PortraitOptions = {}): Promise<RgbImage> {
  return renderSvg(portraitSvg(landmarks, options).svg);
}

/** The portrait as SVG, with its landmarks in pixels. Parameters and errors as for `drawPortrait`. */
export function portraitSvg(landmarks: Points, options: PortraitOptions = {}): PortraitDrawing {
  const size = options.size ?? 512;
  const look = lookOf(options.seed ?? 0);
  const frame = faceFrame(landmarks, size);
  const body =
    `<rect width="${size}" height="${size}" fill="url(#backdrop)"/>` +
    hairBehindSvg(frame, look) +
    bodySvg(frame, look) +
    faceSvg(frame, look) +
    eyesSvg(frame, look) +
    noseSvg(frame, look) +
    mouthSvg(frame, look) +
    browsSvg(frame, look) +
    hairSvg(frame, look);
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}">` +
    `<defs>${definitions(frame, look)}</defs>${body}</svg>`;
  return { svg, landmarks: Float32Array.from(frame.points.flat()) };
}

function definitions({ size, points, unit }: FaceFrame, { skin, background, clothes }: Look): string {
  const radial = (id: string, centre: Point, radius: number, stops: readonly [number, string][]) =>
    `<radialGradient id="${id}" gradientUnits="userSpaceOnUse" cx="${number(centre[0])}" cy="${number(centre[1])}" ` +
    `r="${number(radius)}">${stopsOf(stops)}</radialGradient>`;
  const vertical = (id: string, stops: readonly [number, string][]) =>
    `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1">${stopsOf(stops)}</linearGradient>`;
  const blur = (id: string, radius: number) =>
    `<filter id="${id}" x="-100%" y="-100%" width="300%" height="300%"><feGaussianBlur stdDeviation="${number(radius)}"/></filter>`;
  return (
    radial("backdrop", [size / 2, size * 0.4], size * 0.75, [
      [0, background[0]],
      [1, background[1]],
    ]) +
    radial("skin", points[29]!, 1.35 * unit, [
      [0, skin.light],
      [0.45, skin.base],
      [0.8, skin.base],
      [1, skin.shade],
    ]) +
    vertical("neck", [
      [0, skin.shade],
      [1, skin.base],
    ]) +
    vertical("cloth", [
      [0, clothes],
      [1, "#20242a"],
    ]) +
    vertical("upperLip", [
      [0, skin.lip],
      [1, skin.deep],
    ]) +
    vertical("lowerLip", [
      [0, skin.lip],
      [0.5, skin.lip],
      [1, skin.shade],
    ]) +
    blur("soft", 0.07 * unit) +
    blur("fine", 0.018 * unit)
  );
}

function stopsOf(stops: readonly [number, string][]): string {
  return stops.map(([at, colour]) => `<stop offset="${at}" stop-color="${colour}"/>`).join("");
}
