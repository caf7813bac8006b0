/**
 * Draws a clip of two people who do not exist, for trying things out: `node dist/examples/draw-clip.js clip.mp4`.
 *
 * The one on the left smiles, rests, and is surprised; then they change places, the other one smiling.
 */

import { EXPRESSIONS, type Expression, LANDMARK_VALUES } from "@emotionnet/core";
import { drawScene, VideoWriter } from "@emotionnet/media";
import { generateFaces } from "@emotionnet/train";

const path = process.argv[2] ?? "clip.mp4";
const [width, height, rate, seconds] = [640, 360, 25, 10] as const;
const persons = [0, 3] as const;
/** Multi-PIE's frontal camera, as names of samples write it. */
const frontalCamera = "051";

const samplesPerPerson = 15 * EXPRESSIONS.length;
const sources = { annotator: 1 };
const faces = generateFaces({ persons: 4, samplesPerPerson, seed: 11, protocol: "multipie", sources });

/** An expression and when it begins and ends, in seconds. */
type Shown = readonly [expression: Expression, start: number, end: number];

/** The frontal shape of a person with an expression. */
function shape(person: number, expression: Expression): Float32Array {
  for (let sample = person * samplesPerPerson; sample < (person + 1) * samplesPerPerson; sample++) {
    const isFrontal = faces.names[sample]!.split("_")[3] === frontalCamera;
    if (!isFrontal || EXPRESSIONS[faces.labels[sample]!] !== expression) continue;
    return faces.landmarks.subarray(sample * LANDMARK_VALUES, (sample + 1) * LANDMARK_VALUES);
  }
  throw new RangeError(`Person ${person} has no frontal sample of ${expression}.`);
}

/** From 0 to 1 within a quarter of a second around `start`, back again around `end`. */
function held(time: number, start: number, end: number): number {
  const rise = (at: number) => Math.max(0, Math.min(1, (time - at) / 0.25 + 0.5));
  return rise(start) - rise(end);
}

/** The face of a person at a time in seconds. */
function mixed(person: number, time: number, shown: readonly Shown[]): Float32Array {
  const neutral = shape(person, "neutral");
  const changes = shown.map(([expression, start, end]) => ({
    other: shape(person, expression),
    share: held(time, start, end),
  }));
  return neutral.map((value, index) =>
    changes.reduce((sum, { other, share }) => sum + share * (other[index]! - value), value),
  );
}

const writer = new VideoWriter(path, { width, height, frameRate: `${rate}/1` });
for (let frame = 0; frame < rate * seconds; frame++) {
  const time = frame / rate;
  const way = 300 * Math.max(0, Math.min(1, (time - 6.5) / 2.5));
  const first: readonly Shown[] = [
    ["happy", 1.5, 3],
    ["surprise", 4.5, 6],
  ];
  await writer.write(
    await drawScene(width, height, [
      { landmarks: mixed(persons[1], time, [["happy", 6, 11]]), seed: 4, x: 470 - way, y: 180, size: 300 },
      { landmarks: mixed(persons[0], time, first), seed: 1, x: 170 + way, y: 190, size: 320 },
    ]),
    time,
  );
}
await writer.finish();
