/**
 * A Multi-PIE tree of landmark files `SSS_ss_rr_ccc_ii.txt` or `.pts` (68 lines "x y") in any folders, beside the pictures or
 * instead of them. The expression follows from session and recording; camera and image number stay in the frame name.
 */

import { basename, extname } from "node:path";
import { MULTI_PIE_CAMERAS } from "../../generator/camera.ts";
import { MULTI_PIE_SHOTS } from "../../generator/frame-name.ts";
import { filesBelow } from "./files-below.ts";
import type { ImportedFace, ImportSource } from "./imported-face.ts";
import { parsePointsText } from "./points-text.ts";

/** Person, session, recording, camera, image; `_lm` is what the landmark files of the data set's makers end in. */
const FRAME = /^(\d{3})_(\d{2})_(\d{2})_(\d{3})_(\d{2})(?:_lm)?$/;
const POINT_FILE = /\.(txt|pts)$/i;
const PICTURE_FILE = /\.(png|jpe?g)$/i;
/** Images 00 to 19 of a shot: 18 flashes and two without. */
const IMAGES = 20;

const expressionOfShot = new Map(
  Object.entries(MULTI_PIE_SHOTS).flatMap(([expression, shots]) =>
    shots.map(({ session, recording }) => [shotKey(session, recording), expression] as const),
  ),
);
const cameras = new Set(MULTI_PIE_CAMERAS.map(({ name }) => name));

function shotKey(session: number, recording: number): string {
  return `session ${session}, recording ${recording}`;
}

export async function* importMultiPie({
  path,
  inputs,
  tell,
  expect,
}: ImportSource): AsyncGenerator<ImportedFace> {
  const files = await filesBelow(path, "a Multi-PIE tree with landmark files");
  const pictures = new Map(
    files.filter((file) => PICTURE_FILE.test(file)).map((file) => [basename(file, extname(file)), file]),
  );
  const pointFiles = files.filter((file) => POINT_FILE.test(file));
  expect(pointFiles.length);
  for (const file of pointFiles) {
    const skip = (expected: string, received: string) =>
      tell({ file, where: "", expected, received, effect: "skipped" });
    const stem = basename(file, extname(file));
    const parts = FRAME.exec(stem);
    if (!parts) {
      skip("a name SSS_ss_rr_ccc_ii of digits", stem);
      continue;
    }
    const [, person, session, recording, camera, image] = parts as unknown as string[];
    const shot = shotKey(Number(session), Number(recording));
    const expression = expressionOfShot.get(shot);
    if (!expression) {
      skip("a session and recording of Multi-PIE", shot);
      continue;
    }
    if (!cameras.has(camera!) || Number(image) >= IMAGES) {
      skip("one of the 15 cameras and an image from 00 to 19", `camera ${camera}, image ${image}`);
      continue;
    }
    const text = await inputs.readText(file);
    if (text === undefined) continue;
    const landmarks = parsePointsText(text, file);
    if (!(landmarks instanceof Float32Array)) {
      tell(landmarks);
      continue;
    }
    const frame = parts.slice(1, 6).join("_");
    yield {
      person: person!,
      frame,
      expression,
      image: pictures.get(frame) ?? `${frame}.png`,
      landmarks,
      slices: {
        camera: `${camera!.slice(0, 2)}_${camera!.slice(2)}`,
        illumination: image!,
        session: session!,
      },
    };
  }
}
