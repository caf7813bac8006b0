/** Runs the attention mesh on crops of a picture. */

import type { GraphSession } from "@emotionnet/onnx";
import { type Crop, fromCrop, type Reading, sampleCrop } from "../image/crop.ts";
import type { Picture } from "../image/picture.ts";
import { MESH_MIRROR } from "./mesh-mirror.ts";
import { MESH_INPUT_SIZE, MESH_POINTS } from "./mesh-model.ts";

/** The mesh of one face. */
export interface Mesh {
  /** 478 points, x, y, z: pixels of the picture, z smaller nearer to the camera, in the scale of x and y. */
  readonly points: Float32Array;
  /** The network's own probability that the crop shows a face, 0..1. */
  readonly presence: number;
}

/** The meshes of all crops, in their order, by one run of the network. */
export async function readMeshes(
  session: GraphSession,
  picture: Picture,
  crops: readonly Crop[],
  reading: Reading = "plain",
): Promise<Mesh[]> {
  const size = MESH_INPUT_SIZE;
  const values = size * size * 3;
  const pixels = new Float32Array(crops.length * values);
  const pyramid = await picture.around(crops, size);
  for (const [index, crop] of crops.entries()) {
    sampleCrop(pyramid, crop, size, pixels, index * values, reading);
  }
  const outputs = await session.run({
    pixels: session.tensor("float32", [crops.length, size, size, 3], pixels),
  });
  const points = outputs.points!.data as Float32Array;
  const presence = outputs.face!.data as Float32Array;
  return crops.map((crop, index) => {
    const local = points.subarray(index * MESH_POINTS * 3, (index + 1) * MESH_POINTS * 3);
    return { points: toPicture(local, crop, reading), presence: presence[index]! };
  });
}

/** Points in pixels of the network's input → pixels of the picture; a mirrored reading is turned back. */
function toPicture(local: Float32Array, crop: Crop, reading: Reading): Float32Array {
  const points = new Float32Array(MESH_POINTS * 3);
  for (let point = 0; point < MESH_POINTS; point++) {
    const source = reading === "mirrored" ? MESH_MIRROR[point]! : point;
    const across = local[3 * source]! / MESH_INPUT_SIZE;
    const down = local[3 * source + 1]! / MESH_INPUT_SIZE;
    const [x, y] = fromCrop(crop, reading === "mirrored" ? 1 - across : across, down);
    points[3 * point] = x;
    points[3 * point + 1] = y;
    points[3 * point + 2] = (local[3 * source + 2]! / MESH_INPUT_SIZE) * crop.side;
  }
  return points;
}
