/** The same figures for parts of a data set: where a model is good and where it is not. */

import { fitShape, type Model, normalise, outerEyeDistance } from "@emotionnet/core";
import { type Dataset, faceAt, occludedAt, personOf } from "../dataset/dataset.ts";
import { confusionMatrix, scoreConfusion } from "../evaluate/metrics.ts";
import { MULTI_PIE_CAMERAS } from "../generator/camera.ts";

/** With fewer persons a figure says more about them than about the model. */
export const LEAST_PERSONS = 30;

export interface Slice {
  readonly value: string;
  readonly faces: number;
  readonly persons: number;
  readonly accuracy: number;
  /** Over the classes that occur in the slice. */
  readonly macroF1: number;
  /** Share of faces that the model would not answer, 0..1; absent where that is not known. */
  readonly abstained?: number;
  /** Fewer than 30 persons. */
  readonly hasFewPersons: boolean;
}

export interface SliceGroup {
  /** For example `camera`. */
  readonly attribute: string;
  readonly slices: readonly Slice[];
}

/** Values of one attribute, one a sample; undefined where it is not known. */
export interface Attribute {
  readonly name: string;
  readonly values: readonly (string | undefined)[];
  /** Order of the values; by name when absent. */
  readonly order?: readonly string[];
}

export interface SliceInput {
  readonly dataset: Dataset;
  /** (samples) class ids answered. */
  readonly answers: ArrayLike<number>;
  /** (samples) true where the model abstains; absent where that is not known. */
  readonly abstains?: readonly boolean[];
  readonly attributes: readonly Attribute[];
}

/** Numbers in names by their size: 9 before 10. */
const BY_NAME = new Intl.Collator("en", { numeric: true }).compare;

/** One group an attribute; attributes with one value only, and values that nothing has, are left out. */
export function measureSlices({ dataset, answers, abstains, attributes }: SliceInput): SliceGroup[] {
  const groups = attributes.map(({ name, values, order }) => {
    const members = new Map<string, number[]>();
    values.forEach((value, sample) => {
      if (value === undefined) return;
      const own = members.get(value);
      if (own) own.push(sample);
      else members.set(value, [sample]);
    });
    const known = order?.filter((value) => members.has(value)) ?? [...members.keys()].sort(BY_NAME);
    return {
      attribute: name,
      slices: known.map((value) => measureSlice(value, members.get(value)!, dataset, answers, abstains)),
    };
  });
  return groups.filter(({ slices }) => slices.length > 1);
}

function measureSlice(
  value: string,
  samples: readonly number[],
  { labels, classes, names }: Dataset,
  answers: ArrayLike<number>,
  abstains: readonly boolean[] | undefined,
): Slice {
  const matrix = confusionMatrix(
    samples.map((sample) => labels[sample]!),
    samples.map((sample) => answers[sample]!),
    classes.length,
  );
  const scores = scoreConfusion(matrix, classes);
  const present = scores.classes.filter(({ support }) => support > 0);
  const persons = new Set(samples.map((sample) => personOf(names[sample]!))).size;
  return {
    value,
    faces: samples.length,
    persons,
    accuracy: scores.accuracy,
    macroF1: present.reduce((sum, { f1 }) => sum + f1, 0) / present.length,
    ...(abstains ? { abstained: samples.filter((sample) => abstains[sample]).length / samples.length } : {}),
    hasFewPersons: persons < LEAST_PERSONS,
  };
}

/**
 * What is known of every face without being told: camera, turn of the head, noise, hidden points, size.
 * @param model whose shape tells noise, and yaw where the camera is not known; without it these are not known
 */
export function ownAttributes(model: Model | undefined, dataset: Dataset): Attribute[] {
  const cameras = dataset.names.map(cameraOf);
  const known = cameras.map((name) => MULTI_PIE_CAMERAS.find((camera) => camera.name === name));
  const faces = Array.from({ length: dataset.count }, (_, face) => {
    const points = faceAt(dataset, face);
    const hidden = occludedAt(dataset, face);
    const fit = model && fitShape(model.shape, normalise(points));
    const yaw = known[face]?.yaw ?? fit?.yaw;
    return {
      yaw: yaw === undefined ? undefined : Math.abs(yaw),
      pitch: known[face]?.pitch,
      // The outer eye corners of the mean face are two units apart.
      noise: fit && (100 * fit.residual) / 2,
      hidden: hidden.reduce((sum, flag) => sum + flag, 0),
      size: outerEyeDistance(points),
    };
  });
  const bands = (name: string, edges: readonly number[], unit: string, key: keyof (typeof faces)[number]) =>
    banded(
      name,
      edges,
      unit,
      faces.map((face) => face[key]),
    );
  return [
    { name: "camera", values: cameras, order: MULTI_PIE_CAMERAS.map(({ name }) => name) },
    bands("yaw", [0, 10, 25, 40, 55, 70], "°", "yaw"),
    bands("pitch", [-90, -10, 10], "°", "pitch"),
    bands("noise (left unexplained, of the outer-eye distance)", [0, 1, 2, 3, 5], " %", "noise"),
    bands("hidden points", [0, 1, 6, 16], "", "hidden"),
    bands("size (outer-eye distance)", [0, 25, 50, 100, 200], " px", "size"),
  ];
}

/** The camera of a frame name in Multi-PIE's form, its fourth token; undefined in other names. */
function cameraOf(name: string): string | undefined {
  const tokens = name.split("_");
  return tokens.length >= 5 && /^\d{3}$/.test(tokens[3]!) ? tokens[3] : undefined;
}

/** Numbers → names of bands that begin at `edges`, the last one open; without a unit they are counts. */
function banded(
  name: string,
  edges: readonly number[],
  unit: string,
  values: readonly (number | undefined)[],
): Attribute {
  const order = edges.map((edge, index) => {
    const next = edges[index + 1];
    if (next === undefined) return `${edge}${unit} and more`;
    if (unit !== "") return `${edge} to ${next}${unit}`;
    return next === edge + 1 ? `${edge}` : `${edge} to ${next - 1}`;
  });
  const bandOf = (value: number) => order[edges.findLastIndex((edge) => value >= edge)];
  return { name, order, values: values.map((value) => (value === undefined ? undefined : bandOf(value))) };
}
