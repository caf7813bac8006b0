/** Labelled synthetic faces in memory. */

import {
  EmotionNetError,
  EXPRESSIONS,
  type Expression,
  LANDMARK_COUNT,
  LANDMARK_VALUES,
} from "@emotionnet/core";
import type { Dataset } from "../dataset/dataset.ts";
import { type Sample, STREAM } from "./draw-sample.ts";
import { type DrawingOptions, drawSlot, performanceOf, type Slot } from "./draw-slot.ts";
import { type FaceParameters, faceParameters } from "./face-parameters.ts";
import { frameName, MULTI_PIE_SHOTS } from "./frame-name.ts";
import { drawIdentity, type Identity } from "./identity.ts";
import { Random } from "./random.ts";

/** Progress of long work. */
export interface GeneratorProgress {
  readonly done: number;
  readonly total: number;
  readonly label: string;
}

export interface GenerateOptions extends DrawingOptions {
  readonly persons: number;
  /** Number of the first person, default 0; persons with other numbers are other people. */
  readonly firstPerson?: number;
  /** Exactly one of the two: samples of each person, or of all together. */
  readonly samplesPerPerson?: number;
  readonly count?: number;
  /** Default `balanced`; `multipie`: the class shares of the whole Multi-PIE set. */
  readonly classShares?: "balanced" | "multipie";
  readonly onProgress?: (progress: GeneratorProgress) => void;
  /** Looked at between persons; `onProgress` may abort it. */
  readonly signal?: AbortSignal;
}

/** Images of each class in Multi-PIE: shots × 15 cameras × 20 flashes over its four sessions. */
const MULTI_PIE_SHARES: Readonly<Record<Expression, number>> = {
  neutral: 348000,
  happy: 143700,
  surprise: 60900,
  squint: 60900,
  disgust: 69000,
  scream: 71700,
};

const PERSONS_PER_STEP = 20;
/** Their landmarks take 5.4 GB. */
const MOST_FACES = 10_000_000;

/**
 * Draws labelled faces. The same options give the same numbers; a person's face depends on the seed and the person's
 * number alone.
 * @throws EmotionNetError `usage` for numbers that make no set, `file-not-found` when the fitted parameters are missing.
 * @throws the signal's reason when aborted.
 */
export function generateFaces(options: GenerateOptions): Dataset {
  const steps = generateInSteps(options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same, pausing after every few persons so that a caller can let other work run. */
export function* generateInSteps(options: GenerateOptions): Generator<void, Dataset, void> {
  const total = checkedTotal(options);
  const landmarks = new Float32Array(total * LANDMARK_VALUES);
  const labels = new Int32Array(total);
  const occluded = new Uint8Array(total * LANDMARK_COUNT);
  const names: string[] = [];
  const parameters = faceParameters();
  const firstPerson = options.firstPerson ?? 0;
  for (let person = 0; person < options.persons; person++) {
    options.signal?.throwIfAborted();
    const first = names.length;
    const count = Math.floor(((person + 1) * total) / options.persons) - first;
    for (const sample of personSamples(options, parameters, firstPerson + person, first, count)) {
      const index = names.length;
      landmarks.set(sample.landmarks, index * LANDMARK_VALUES);
      occluded.set(sample.occluded, index * LANDMARK_COUNT);
      labels[index] = EXPRESSIONS.indexOf(sample.expression);
      names.push(sample.name);
    }
    if ((person + 1) % PERSONS_PER_STEP === 0 || person + 1 === options.persons) {
      options.onProgress?.({ done: names.length, total, label: "Drawing faces" });
      yield;
    }
  }
  return { classes: [...EXPRESSIONS], count: total, landmarks, labels, occluded, names };
}

function checkedTotal({ persons, samplesPerPerson, count, seed }: GenerateOptions): number {
  const total = count ?? persons * (samplesPerPerson ?? 0);
  const isWhole = [persons, total].every((value) => Number.isSafeInteger(value) && value > 0);
  if (isWhole && total > MOST_FACES) {
    throw new EmotionNetError("usage", {
      got: `${total} faces`,
      wanted: `at most ${MOST_FACES}, which are held in memory together`,
      mend: "Make several sets with other seeds; a spec takes a list of them, or draws faces while it trains.",
    });
  }
  if (isWhole && Number.isSafeInteger(seed)) return total;
  throw new EmotionNetError("usage", {
    got: `${persons} persons, ${total} samples and the seed ${seed}`,
    wanted: "whole numbers, and at least one person and one sample",
    mend: "Give persons, and samples of each person or of all together.",
  });
}

interface NamedSample extends Sample {
  readonly expression: Expression;
  readonly name: string;
}

function* personSamples(
  options: GenerateOptions,
  parameters: FaceParameters,
  person: number,
  first: number,
  count: number,
): Generator<NamedSample> {
  const identity = drawIdentity(new Random(options.seed, STREAM.identity, person), parameters);
  for (const [index, slot] of slots(options, person, first, count).entries()) {
    yield orderedSample(options, parameters, identity, person, index, slot);
  }
}

/** Which expression each of a person's samples shows. */
function slots(options: GenerateOptions, person: number, first: number, count: number): Slot[] {
  const random = new Random(options.seed, STREAM.labels, person);
  const turns = new Map<Expression, number>();
  const shares = EXPRESSIONS.map((expression) => ({ expression, share: MULTI_PIE_SHARES[expression] }));
  return Array.from({ length: count }, (_, index) => {
    const expression =
      options.classShares === "multipie"
        ? random.pick(shares).expression
        : EXPRESSIONS[(first + index) % EXPRESSIONS.length]!;
    const turn = turns.get(expression) ?? 0;
    turns.set(expression, turn + 1);
    return { expression, turn };
  });
}

function orderedSample(
  options: GenerateOptions,
  parameters: FaceParameters,
  identity: Identity,
  person: number,
  index: number,
  slot: Slot,
): NamedSample {
  const { expression } = slot;
  const sample = drawSlot(options, parameters, identity, person, index, slot);
  const shots = MULTI_PIE_SHOTS[expression];
  const performance = performanceOf(options, slot);
  const shot = shots[performance % shots.length]!;
  return { ...sample, expression, name: frameName(person + 1, shot, sample.camera, performance) };
}
