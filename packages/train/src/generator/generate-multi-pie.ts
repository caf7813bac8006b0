/** The whole of Multi-PIE, simulated: its persons, sessions, shots and cameras, one face for every twenty flash pictures. */

import { EXPRESSIONS, type Expression, LANDMARK_COUNT, LANDMARK_VALUES } from "@emotionnet/core";
import type { Dataset } from "../dataset/dataset.ts";
import { MULTI_PIE_CAMERAS } from "./camera.ts";
import { drawSample, STREAM } from "./draw-sample.ts";
import { faceParameters } from "./face-parameters.ts";
import { frameName, MULTI_PIE_SHOTS } from "./frame-name.ts";
import { drawIdentity } from "./identity.ts";
import { multiPieSessions } from "./multi-pie-sessions.ts";
import { Random } from "./random.ts";
import { drawTypicalSensor, type Source } from "./sensor.ts";

/** Flash pictures that share one face, and so one set of points. */
export const FLASHES = 20;

export interface MultiPieOptions {
  readonly seed: number;
  /** Who placed all points: `annotator` for labels made by hand, `mesh` for our own detector. */
  readonly source: Source;
}

/** All posed, in the studio; about 37,700 faces named as Multi-PIE names its pictures (image 00). */
export function generateMultiPie({ seed, source }: MultiPieOptions): Dataset {
  const parameters = faceParameters();
  const landmarks: Float32Array[] = [];
  const occluded: Uint8Array[] = [];
  const labels: number[] = [];
  const names: string[] = [];
  for (const [person, sessions] of multiPieSessions().entries()) {
    const identity = drawIdentity(new Random(seed, STREAM.identity, person), parameters);
    let index = 0;
    for (const { expression, performance, shot } of shotsOf(sessions)) {
      for (const viewpoint of MULTI_PIE_CAMERAS) {
        const sample = drawSample(
          {
            seed,
            person,
            index: index++,
            expression,
            performance,
            posedShare: 1,
            viewpoint,
            drawSensor: (random) => drawTypicalSensor(random, source),
          },
          identity,
          parameters,
        );
        landmarks.push(sample.landmarks);
        occluded.push(sample.occluded);
        labels.push(EXPRESSIONS.indexOf(expression));
        names.push(frameName(person + 1, shot, viewpoint.name, 0));
      }
    }
  }
  return {
    classes: [...EXPRESSIONS],
    count: names.length,
    landmarks: joined(landmarks, new Float32Array(names.length * LANDMARK_VALUES)),
    labels: Int32Array.from(labels),
    occluded: joined(occluded, new Uint8Array(names.length * LANDMARK_COUNT)),
    names,
  };
}

/** The shots of the sessions a person came to. */
function shotsOf(sessions: readonly number[]) {
  return EXPRESSIONS.flatMap((expression: Expression) =>
    MULTI_PIE_SHOTS[expression].flatMap((shot, performance) =>
      sessions.includes(shot.session) ? [{ expression, performance, shot }] : [],
    ),
  );
}

function joined<Values extends Float32Array | Uint8Array>(
  pieces: readonly (Float32Array | Uint8Array)[],
  target: Values,
): Values {
  let start = 0;
  for (const piece of pieces) {
    target.set(piece, start);
    start += piece.length;
  }
  return target;
}
