/**
 * What this browser does with frames, found out on a small one. WebKit (2.50) copies the bytes that a frame has, whatever format is asked
 * for, and says nothing: red and blue change places, or colours in planes come out as noise. It also draws the margin that a
 * frame has around its visible part.
 */

import { type WebVideoFrame, web } from "./web-platform.ts";

const SIDE = 2;
/** A red margin on the left of what is visible. */
const VISIBLE = { x: SIDE, y: 0, width: SIDE, height: SIDE };
const BLUE = [0, 0, 255, 255];

let copying: Promise<boolean> | undefined;
let drawing: boolean | undefined;

/** Whether frames are copied in the format that is asked for. */
export function copiesAsAsked(): Promise<boolean> {
  copying ??= copiesBlue().catch(() => false);
  return copying;
}

/** Whether drawing a frame shows its hidden margin as well. */
export function drawsMargins(): boolean {
  drawing ??= drawsRed();
  return drawing;
}

async function copiesBlue(): Promise<boolean> {
  const frame = sample();
  if (!frame) return false;
  try {
    const pixels = new Uint8Array(SIDE * SIDE * BLUE.length);
    await frame.copyTo(pixels, { format: "RGBA", rect: VISIBLE });
    return isBlue(pixels);
  } finally {
    frame.close();
  }
}

function drawsRed(): boolean {
  const frame = sample();
  if (!frame) return false;
  const context = new web.OffscreenCanvas!(SIDE, SIDE).getContext("2d")!;
  context.drawImage(frame, 0, 0, SIDE, SIDE);
  frame.close();
  return !isBlue(context.getImageData(0, 0, SIDE, SIDE).data);
}

/** Blue where it is visible; undefined in browsers without frames or canvases. */
function sample(): WebVideoFrame | undefined {
  const context = web.OffscreenCanvas && new web.OffscreenCanvas(2 * SIDE, SIDE).getContext("2d");
  if (!(context && web.VideoFrame)) return undefined;
  context.fillStyle = "#f00";
  context.fillRect(0, 0, SIDE, SIDE);
  context.fillStyle = "#00f";
  context.fillRect(SIDE, 0, SIDE, SIDE);
  return new web.VideoFrame(context.canvas, { timestamp: 0, visibleRect: VISIBLE });
}

function isBlue(pixels: ArrayLike<number>): boolean {
  return Array.from(pixels).every((value, index) => value === BLUE[index % BLUE.length]);
}
