import type { FaceResult, RgbImage } from "@emotionnet/core";
import { layOver } from "../svg/render-svg.ts";
import { overlaySvg } from "./overlay.ts";

/** A copy of the photo with every face's box, its 68 points, its expression and one bar a class drawn on it. */
export async function annotatePhoto(image: RgbImage, faces: readonly FaceResult[]): Promise<RgbImage> {
  return layOver(image, overlaySvg(image.width, image.height, faces));
}
