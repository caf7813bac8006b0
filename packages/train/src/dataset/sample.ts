/** One labelled face as a `tf.train.Example`, with the feature names of the original's shared data code. */

import { type ModelScheme, SCHEMES } from "@emotionnet/core";
import { decodeExample, encodeExample, type Feature } from "./example.ts";
import type { Remedy } from "./tfrecord.ts";

/** Feature names in a record. */
export const FEATURES = {
  name: "train/image_frame_name",
  landmarks: "train/landmarks",
  occluded: "train/landmarks_occ",
  pointCount: "train/num_keypoints",
  /** The class id. The original's name for it was never published; this one is ours. */
  label: "label/emotion",
} as const;

/** One face: views or arrays of x, y of its points (pixels, y down) and an occlusion flag each. */
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
    [FEATURES.pointCount]: { kind: "int64", values: [sample.occluded.length] },
    [FEATURES.label]: { kind: "int64", values: [sample.label] },
  });
}

/**
 * The bytes of a record → a sample of the scheme's points; further points are left out, missing flags are 0.
 * @throws UnusableSample when something needed is missing or unusable.
 * @param classCount labels must be below it.
 */
export function decodeSample(bytes: Uint8Array, classCount: number, scheme: ModelScheme): Sample {
  const points = SCHEMES[scheme];
  let features: Map<string, Feature>;
  try {
    features = decodeExample(bytes);
  } catch {
    throw new UnusableSample("is not a tf.train.Example");
  }
  const name = features.get(FEATURES.name);
  const landmarks = numbersOf(features, FEATURES.landmarks, 2 * points);
  const label = numbersOf(features, FEATURES.label, 1)[0]!;
  if (label < 0 || label >= classCount) {
    throw new UnusableSample(`has the class id ${label} where class_list has ${classCount} classes`, {
      wanted: `class ids from 0 to ${classCount - 1}`,
      mend: "Give class_list every class of the data, in the order of their ids.",
    });
  }
  return {
    name: name?.kind === "bytes" && name.values[0] ? fromUtf8.decode(name.values[0]) : "",
    label,
    landmarks: landmarks.slice(0, 2 * points),
    occluded: features.has(FEATURES.occluded)
      ? numbersOf(features, FEATURES.occluded, points).slice(0, points)
      : new Uint8Array(points),
  };
}

/** Why a record cannot be used; its message completes the sentence "record n, which …". */
export class UnusableSample extends Error {
  readonly remedy: Remedy | undefined;

  constructor(problem: string, remedy?: Remedy) {
    super(problem);
    this.remedy = remedy;
  }
}

function numbersOf(features: Map<string, Feature>, name: string, least: number): number[] {
  const feature = features.get(name);
  const values = feature && feature.kind !== "bytes" ? Array.from(feature.values) : [];
  if (values.length < least) throw new UnusableSample(`has ${values.length} of ${least} values of ${name}`);
  if (values.some((value) => !Number.isFinite(value))) {
    throw new UnusableSample(`has a value of ${name} that is no finite number`, {
      wanted: "finite numbers",
      mend: "Leave the face out, and make the file again.",
    });
  }
  return values;
}
