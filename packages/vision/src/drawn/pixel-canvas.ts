/** Reads pixels from a canvas: slower than from a frame, but every browser has it and it turns and stretches as it must. */

import { EmotionNetError } from "@emotionnet/core";
import type { PixelImage } from "../image/pyramid.ts";
import { drawsMargins } from "./frame-habits.ts";
import { type Rectangle, type WebContext, type WebVideoFrame, web } from "./web-platform.ts";

/** One for all pictures: a canvas takes longer to make than to draw on. */
let context: WebContext | undefined;

/**
 * A part of a picture that is drawn in the size given, as RGBA; what is transparent is black.
 * @throws EmotionNetError `engine` where there is no `OffscreenCanvas`
 */
export function pixelsByCanvas(
  source: object,
  picture: { readonly width: number; readonly height: number },
  part: Rectangle,
): PixelImage {
  const { x, y, width, height } = part;
  context ??= newContext();
  // A new size empties the canvas, which is black then.
  context.canvas.width = width;
  context.canvas.height = height;
  const whole = placeOf(source, picture);
  context.drawImage(source, whole.x - x, whole.y - y, whole.width, whole.height);
  return context.getImageData(0, 0, width, height);
}

/** Where drawing puts the picture so that its visible part fills the picture's size. */
function placeOf(
  source: object,
  { width, height }: { readonly width: number; readonly height: number },
): Rectangle {
  const isFrame = web.VideoFrame && source instanceof web.VideoFrame;
  const { visibleRect, codedWidth, codedHeight } = source as WebVideoFrame;
  if (!(isFrame && visibleRect && drawsMargins())) return { x: 0, y: 0, width, height };
  const [across, down] = [width / visibleRect.width, height / visibleRect.height];
  return {
    x: -visibleRect.x * across,
    y: -visibleRect.y * down,
    width: codedWidth * across,
    height: codedHeight * down,
  };
}

function newContext(): WebContext {
  const canvas = web.OffscreenCanvas && new web.OffscreenCanvas(1, 1);
  const context = canvas?.getContext("2d", { alpha: false, willReadFrequently: true });
  if (context) return context;
  throw new EmotionNetError("engine", {
    got: "a browser without OffscreenCanvas",
    wanted: "one that can read a picture's pixels",
    mend: "Pass pixels: { width, height, data }, such as an ImageData.",
  });
}
