/** One labelled face as a `tf.train.Example`, with the feature names of the original's shared data code. */

import { LANDMARK_COUNT, LANDMARK_VALUES } from "@emotionnet/core";
import { decodeExample, encodeExample, type Feature } from "./example.ts";

/** Feature names in a record. */
export const FEATURES = {
  name: "train/image_frame_name",
  landmarks: "train/landmarks",
  occluded: "train/landmarks_occ",
  pointCount: "train/num_keypoints",
  /** The class id. The original's name for it was never published; this one is ours. */
  label: "label/emotion",
} as const;

/** One face: views or arrays of 136 landmarks (pixels, y down) and 68 occlusion flags. */
export interface Sample {
  readonly name: string;
  readonly label: number;
  readonly landmarks: ArrayLike<number>;
  readonly occluded: ArrayLike<number>;
}

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder();

/** A sample → the bytes of its record. */
export function encodeSample(sample: Sample): Uint8Array {
  return encodeExample({
    [FEATURES.name]: { kind: "bytes", values: [utf8.encode(sample.name)] },
    [FEATURES.landmarks]: { kind: "float", values: sample.landmarks },
    [FEATURES.occluded]: { kind: "int64", values: sample.occluded },
    [FEATURES.pointCount]: { kind: "int64", values: [LANDMARK_COUNT] },
    [FEATURES.label]: { kind: "int64", values: [sample.label] },
  });
}

/**
 * The bytes of a record → a sample of 68 points; further points (80, 104) are left out, missing flags are 0.
 * @throws UnusableSample when something needed is missing or unusable.
 * @param classCount labels must be below it.
 */
export function decodeSample(bytes: Uint8Array, classCount: number): Sample {
  let features: Map<string, Feature>;
  try {
    features = decodeExample(bytes);
  } catch {
    throw new UnusableSample("is not a tf.train.Example");
  }
  const name = features.get(FEATURES.name);
  const landmarks = numbersOf(features, FEATURES.landmarks, LANDMARK_VALUES);
  const label = numbersOf(features, FEATURES.label, 1)[0]!;
  if (label < 0 || label >= classCount) {
    throw new UnusableSample(`has the class id ${label} where there are ${classCount} classes`);
  }
  return {
    name: name?.kind === "bytes" && name.values[0] ? fromUtf8.decode(name.values[0]) : "",
    label,
    landmarks: landmarks.slice(0, LANDMARK_VALUES),
    occluded: features.has(FEATURES.occluded)
      ? numbersOf(features, FEATURES.occluded, LANDMARK_COUNT).slice(0, LANDMARK_COUNT)
      : new Uint8Array(LANDMARK_COUNT),
  };
}

/** Why a record cannot be used; its message completes the sentence "record n, which …". */
export class UnusableSample extends Error {}

function numbersOf(features: Map<string, Feature>, name: string, least: number): number[] {
  const feature = features.get(name);
  const values = feature && feature.kind !== "bytes" ? Array.from(feature.values) : [];
  if (values.length < least) throw new UnusableSample(`has ${values.length} of ${least} values of ${name}`);
  if (values.some((value) => !Number.isFinite(value)))
    throw new UnusableSample(`has a ${name} that is no number`);
  return values;
}
