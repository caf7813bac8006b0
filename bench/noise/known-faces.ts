/** Simulated faces seen from the front, whose points and movements are known. */

import { type Expression, LANDMARK_COUNT, PARTS } from "@emotionnet/core";
import { MULTI_PIE_CAMERAS } from "#packages/train/dist/generator/camera.js";
import { drawSample, STREAM } from "#packages/train/dist/generator/draw-sample.js";
import { faceParameters } from "#packages/train/dist/generator/face-parameters.js";
import { drawIdentity } from "#packages/train/dist/generator/identity.js";
import { Random } from "#packages/train/dist/generator/random.js";
import { drawSensor, type Sensor } from "#packages/train/dist/generator/sensor.js";
import { stiffen } from "#packages/train/dist/generator/stiffness.js";

const SEED = 991;
/** Multi-PIE's camera in front of the face. */
export const FRONTAL = MULTI_PIE_CAMERAS.find(({ yaw, pitch }) => yaw === 0 && pitch === 0)!;

/** As the generator draws the mesh. */
export const asMesh = (random: Random): Sensor => drawSensor(random, "mesh");

/** The same, every point moving for itself. */
export const asLooseMesh = (random: Random): Sensor => ({ ...asMesh(random), stiffness: ofRegions(0) });

/** The mesh's own mean face, which follows every movement and is placed without error. */
export function faithful(random: Random): Sensor {
  return {
    ...asLooseMesh(random),
    template: Object.keys(PARTS).map(() => 0),
    scan: Object.keys(PARTS).map(() => 0),
    gains: ofRegions(1),
    lipHold: 1,
    lipRise: 0,
    outline: 0,
    jawWidth: 1,
    jawLength: 1,
    seesJaw: true,
    pointNoise: 0,
    partNoise: 0,
    slide: 0,
    browHeight: 0,
  };
}

function ofRegions(value: number): Sensor["gains"] {
  return { jaw: value, brows: value, eyes: value, mouth: value, nose: value };
}

/** A person's face in an expression: x, y pixels of 68 points. @param posedShare probability that it is posed */
export function knownFace(
  person: number,
  expression: Expression,
  posedShare: number,
  sensor: (random: Random) => Sensor,
): Float32Array {
  const identity = drawIdentity(new Random(SEED, STREAM.identity, person), faceParameters());
  const request = { seed: SEED, person, index: person, expression, performance: 0, posedShare };
  return drawSample({ ...request, viewpoint: FRONTAL, drawSensor: sensor }, identity, faceParameters())
    .landmarks;
}

/** A movement from rest, as it is and as its best affine fit over every part (`stiffen`): x, y and 0 of each point. */
export interface Movement {
  readonly points: Float64Array;
  readonly fit: Float64Array;
}

/** @param moved @param rest x, y of 68 normalised points */
export function movementFrom(rest: Float32Array, moved: Float32Array): Movement {
  const points = new Float64Array(3 * LANDMARK_COUNT);
  const face = new Float64Array(3 * LANDMARK_COUNT);
  for (let point = 0; point < LANDMARK_COUNT; point++) {
    for (const axis of [0, 1]) {
      face[3 * point + axis] = rest[2 * point + axis]!;
      points[3 * point + axis] = moved[2 * point + axis]! - rest[2 * point + axis]!;
    }
  }
  const fit = points.slice();
  for (const [start, end] of Object.values(PARTS)) stiffen(fit, face, start, end, 1);
  return { points, fit };
}
