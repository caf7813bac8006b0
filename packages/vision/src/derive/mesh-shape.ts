/**
 * Computes what this package must know about the shape of the mesh, from measured faces, and writes two source files:
 *
 *     node packages/vision/dist/derive/mesh-shape.js <london-landmarks.json>
 *
 * The file holds samples `{ label, mesh478: [x, y, z][] }` of real, consented faces (London Set and Young Adult White Faces,
 * CC BY 4.0). Written are means over all of them, from which no person can be told.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bestRotation, centroid, rotate } from "@emotionnet/core/geometry";
import { MESH_POINTS } from "../mesh/mesh-model.ts";

/** Vertices that expressions hardly move: forehead, temples, bridge and tip of the nose, eye corners, cheekbones. */
// biome-ignore format: one facial part a line
const RIGID_VERTICES = [
  10, 109, 338, 67, 297, 103, 332, 54, 284, 151, 108, 337, 69, 299,
  21, 251, 162, 389, 127, 356, 234, 454, 139, 368, 34, 264, 143, 372,
  168, 6, 197, 195, 5, 4, 1, 122, 351, 196, 419, 3, 248, 45, 275, 220, 440, 94, 2,
  33, 263, 133, 362, 116, 345, 117, 346, 111, 340,
];

const ALIGNMENT_ROUNDS = 10;

interface Sample {
  readonly label: string;
  readonly mesh478: readonly (readonly [number, number, number])[];
}

const samplesPath = process.argv[2];
if (!samplesPath) throw new Error("usage: mesh-shape.js <london-landmarks.json>");
const { samples } = JSON.parse(readFileSync(samplesPath, "utf8")) as { samples: readonly Sample[] };

const everyFace = meanFace(samples.map((sample) => sample.mesh478.flat()));
const mirror = mirrorOf(everyFace);
const neutralFace = meanFace(samples.filter(({ label }) => label === "neutral").map((s) => s.mesh478.flat()));
const frontal = symmetric(neutralFace, mirror);

const credit = `Made by src/derive/mesh-shape.ts from the mesh points of ${samples.length} photos of the London Set and of Young Adult
 * White Faces (DeBruine & Jones, CC BY 4.0).`;
writeSource(
  "../mesh/mesh-mirror.ts",
  `/**
 * Left and right of the mesh. ${credit}
 */

/** \`MESH_MIRROR[i]\` is the vertex that takes the place of vertex i in the mirror. Its own inverse. */
// biome-ignore format: a table
export const MESH_MIRROR: readonly number[] = [\n${table(mirror, 26)}];
`,
);
const rigid = RIGID_VERTICES.flatMap((vertex) => frontal.slice(3 * vertex, 3 * vertex + 3));
writeSource(
  "../pose/frontal-face.ts",
  `/**
 * The mean neutral face seen from the front, at the vertices that expressions hardly move. ${credit}
 */

/** Mesh vertices in the order of FRONTAL_FACE. */
// biome-ignore format: a table
export const RIGID_VERTICES: readonly number[] = [\n${table(RIGID_VERTICES, 20)}];

/** x (right in the picture), y (down), z (away from the camera) of each; outer eye corners are 1 apart. */
// biome-ignore format: a table
export const FRONTAL_FACE: readonly number[] = [\n${table(
    rigid.map((value) => Number(value.toFixed(4))),
    12,
  )}];
`,
);

/** The mean of faces once they are moved, scaled and turned onto each other (generalised Procrustes analysis). */
function meanFace(faces: readonly (readonly number[])[]): number[] {
  let aligned = faces.map(standardised);
  // The first mean keeps the orientation that the photos have on average: people told to look into the camera.
  let mean = standardised(average(aligned));
  for (let round = 0; round < ALIGNMENT_ROUNDS; round++) {
    aligned = aligned.map((face) => turned(face, mean));
    mean = standardised(average(aligned));
  }
  return mean;
}

/** Centroid 0 and sum of squares 1. */
function standardised(face: readonly number[]): number[] {
  const middle = centroid(face);
  const centred = face.map((value, at) => value - middle[at % 3]!);
  const size = Math.hypot(...centred);
  return centred.map((value) => value / size);
}

function turned(face: readonly number[], onto: readonly number[]): number[] {
  const rotation = bestRotation(face, onto);
  const result: number[] = [];
  for (let at = 0; at < face.length; at += 3) {
    result.push(...rotate(rotation, face[at]!, face[at + 1]!, face[at + 2]!));
  }
  return result;
}

function average(faces: readonly (readonly number[])[]): number[] {
  return faces[0]!.map((_, at) => faces.reduce((sum, face) => sum + face[at]!, 0) / faces.length);
}

function mirrored(face: readonly number[]): number[] {
  return face.map((value, at) => (at % 3 === 0 ? -value : value));
}

/** Each vertex's nearest one in the mirror image, once that is turned onto the face. */
function mirrorOf(face: readonly number[]): number[] {
  let image = mirrored(face);
  let pairs: number[] = [];
  for (let round = 0; round < ALIGNMENT_ROUNDS; round++) {
    pairs = Array.from({ length: MESH_POINTS }, (_, vertex) => nearest(image, vertex, face));
    const targets = pairs.flatMap((pair) => face.slice(3 * pair, 3 * pair + 3));
    image = turned(image, targets);
  }
  const broken = pairs.findIndex((pair, vertex) => pairs[pair] !== vertex);
  if (broken >= 0) throw new Error(`vertex ${broken} has no partner in the mirror`);
  return pairs;
}

function nearest(points: readonly number[], vertex: number, face: readonly number[]): number {
  let best = 0;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (let candidate = 0; candidate < MESH_POINTS; candidate++) {
    let distance = 0;
    for (let axis = 0; axis < 3; axis++) {
      distance += (points[3 * vertex + axis]! - face[3 * candidate + axis]!) ** 2;
    }
    if (distance < bestDistance) {
      bestDistance = distance;
      best = candidate;
    }
  }
  return best;
}

/** The mean of a face and its mirror image, so that x is the axis of symmetry. Outer eye corners are set 1 apart. */
function symmetric(face: readonly number[], pairs: readonly number[]): number[] {
  const partners = pairs.flatMap((pair) => face.slice(3 * pair, 3 * pair + 3));
  const mean = average([face, mirrored(partners)]);
  const eyes = mean[3 * 263]! - mean[3 * 33]!;
  return mean.map((value) => value / eyes);
}

function table(values: readonly number[], perLine: number): string {
  let text = "";
  for (let at = 0; at < values.length; at += perLine) {
    text += `  ${values.slice(at, at + perLine).join(", ")},\n`;
  }
  return text;
}

/** Sources stand beside `dist`, wherever this program was compiled to. */
function writeSource(path: string, text: string): void {
  const target = fileURLToPath(new URL(path, new URL("../../src/derive/", import.meta.url)));
  writeFileSync(target, text);
  console.log(target);
}
