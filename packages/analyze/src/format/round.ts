/** The numbers of output: few enough digits to read, the same text on every machine. */

import type { SourceResult } from "@emotionnet/core";

/** Rounds half away from zero at `digits` decimals; never −0. */
export function round(value: number, digits: number): number {
  const rounded = Number(value.toFixed(digits));
  return rounded === 0 ? 0 : rounded;
}

/** Hundredths of a pixel, a degree or a tenth of a per mille are below what the engines can tell. */
const pixelDigits = 2;
const degreeDigits = 1;
const shareDigits = 4;
const secondDigits = 3;

/** The result with rounded numbers and its fields in the documented order. */
export function roundResult(result: SourceResult): SourceResult {
  const { source, frame, time, width, height, faces, dropped, missed, error } = result;
  const pixel = (value: number) => round(value, pixelDigits);
  const share = (value: number) => round(value, shareDigits);
  const degree = (value: number) => round(value, degreeDigits);
  return {
    source,
    frame,
    time: round(time, secondDigits),
    width,
    height,
    faces: faces.map(
      ({ box, score, track, landmarks, pose, quality, expression, confidence, reason, ...face }) => ({
        box: { x: pixel(box.x), y: pixel(box.y), width: pixel(box.width), height: pixel(box.height) },
        score: share(score),
        ...(track === undefined ? {} : { track }),
        landmarks: landmarks.map(([x, y]) => [pixel(x), pixel(y)] as const),
        pose: { yaw: degree(pose.yaw), pitch: degree(pose.pitch), roll: degree(pose.roll) },
        quality: share(quality),
        expression,
        ...(reason === undefined ? {} : { reason }),
        confidence: share(confidence),
        probabilities: Object.fromEntries(
          Object.entries(face.probabilities).map(([name, probability]) => [name, share(probability)]),
        ),
      }),
    ),
    ...(dropped === undefined ? {} : { dropped }),
    ...(missed ? { missed: { ...missed, seconds: round(missed.seconds, secondDigits) } } : {}),
    ...(error ? { error } : {}),
  };
}
