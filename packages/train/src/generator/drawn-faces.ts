/** Faces drawn when they are needed: every epoch shows the same persons in new moments, and no set is stored. */

import { EXPRESSIONS, LANDMARK_VALUES, normaliseInto } from "@emotionnet/core";
import type { FaceSource } from "../dataset/face-source.ts";
import { spreadIndices } from "../dataset/spread-indices.ts";
import { STREAM } from "./draw-sample.ts";
import { type DrawingOptions, drawSlot } from "./draw-slot.ts";
import { type FaceParameters, faceParameters } from "./face-parameters.ts";
import { drawIdentity, type Identity } from "./identity.ts";
import { Random } from "./random.ts";

/** Persons and how to draw them. Plain data, so that it can go to another thread. */
export interface DrawnSet extends DrawingOptions {
  readonly persons: number;
  /** Faces of each person in an epoch. */
  readonly samplesPerPerson: number;
}

/** Faces to train on that exist only while they are used. */
export interface DrawnTraining {
  readonly classes: readonly string[];
  /** Of an epoch. */
  readonly count: number;
  readonly sets: readonly DrawnSet[];
}

export function drawnTraining(sets: readonly DrawnSet[]): DrawnTraining {
  return { classes: [...EXPRESSIONS], count: countOf(sets), sets };
}

/** Persons whose shape is kept rather than drawn anew for each sample: 2 kB each. */
const KEPT_PERSONS = 20_000;

/**
 * One set after the other, person by person. In epoch e a person shows the samples e·n … e·n + n − 1 of those that
 * `generateFaces` draws; so the first epoch is the set that `generateFaces` makes of the same numbers.
 */
export class DrawnFaces implements FaceSource {
  readonly count: number;
  readonly #parts: readonly Part[];

  /** @throws EmotionNetError `file-not-found` when the fitted parameters are missing. */
  constructor(sets: readonly DrawnSet[]) {
    const parameters = faceParameters();
    this.count = countOf(sets);
    let first = 0;
    this.#parts = sets.map((set) => {
      const part = { set, first, parameters, kept: new Map<number, Identity>() };
      first += set.persons * set.samplesPerPerson;
      return part;
    });
  }

  read(sample: number, epoch: number, target: Float32Array, offset: number): number {
    const part = this.#parts.findLast(({ first }) => first <= sample)!;
    const { set, parameters } = part;
    const { samplesPerPerson } = set;
    const place = sample - part.first;
    const person = Math.floor(place / samplesPerPerson);
    const index = epoch * samplesPerPerson + (place % samplesPerPerson);
    const label = labelOf(person, samplesPerPerson, index);
    const slot = { expression: EXPRESSIONS[label]!, turn: Math.floor(index / EXPRESSIONS.length) };
    const { landmarks } = drawSlot(set, parameters, identityOf(part, person), person, index, slot);
    normaliseInto(target, offset, landmarks, 0);
    return label;
  }
}

/**
 * Some faces of the first epoch, spread over all of it: what a model is described with.
 * @returns landmarks (count × 136), normalised
 */
export function spreadOfDrawn({ sets, count }: DrawnTraining, most: number): Float32Array {
  const faces = new DrawnFaces(sets);
  const samples = spreadIndices(count, most);
  const landmarks = new Float32Array(samples.length * LANDMARK_VALUES);
  for (const [row, sample] of samples.entries()) faces.read(sample, 0, landmarks, row * LANDMARK_VALUES);
  return landmarks;
}

/** Faces of each class in the first epoch. */
export function countsOfDrawn({ sets }: DrawnTraining): Record<string, number> {
  const counts = EXPRESSIONS.map(() => 0);
  for (const { persons, samplesPerPerson } of sets) {
    for (let person = 0; person < persons; person++) {
      for (let index = 0; index < samplesPerPerson; index++) {
        counts[labelOf(person, samplesPerPerson, index)]! += 1;
      }
    }
  }
  return Object.fromEntries(EXPRESSIONS.map((name, id) => [name, counts[id]!]));
}

interface Part {
  readonly set: DrawnSet;
  /** Its first sample. */
  readonly first: number;
  readonly parameters: FaceParameters;
  readonly kept: Map<number, Identity>;
}

/** The classes take turns over all samples of an epoch, and over a person's samples of all epochs. */
function labelOf(person: number, samplesPerPerson: number, index: number): number {
  return (person * samplesPerPerson + index) % EXPRESSIONS.length;
}

function identityOf({ set, parameters, kept }: Part, person: number): Identity {
  const known = kept.get(person);
  if (known) return known;
  const identity = drawIdentity(new Random(set.seed, STREAM.identity, person), parameters);
  if (kept.size < KEPT_PERSONS) kept.set(person, identity);
  return identity;
}

function countOf(sets: readonly DrawnSet[]): number {
  return sets.reduce((sum, { persons, samplesPerPerson }) => sum + persons * samplesPerPerson, 0);
}
