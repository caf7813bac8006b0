/** What an imported data set is, for people and programs: stored beside its labels. */

import { createHash } from "node:crypto";

type Counts = Readonly<Record<string, number>>;

export interface DataCard {
  readonly format: "emotionnet-data-card-1";
  readonly importedFrom: string;
  /** Under what terms the data may be used, as the importing person said. */
  readonly licence: string;
  readonly faces: number;
  readonly persons: number;
  /** False when the data do not say who is who: every face then counts as a person of its own. */
  readonly personsKnown: boolean;
  readonly facesByExpression: Counts;
  readonly facesByPerson: Readonly<Record<string, Counts>>;
  readonly facesBySlice: Readonly<Record<string, Counts>>;
  /** Faces or files that could not be used. */
  readonly leftOut: number;
  /** Files read, and the SHA-256 of the list `inputs.sha256` of their hashes. */
  readonly inputs: { readonly files: number; readonly sha256: string };
}

/** Counts faces as they are imported. */
export class FaceCounts {
  readonly expressions = new Map<string, number>();
  readonly persons = new Map<string, Map<string, number>>();
  readonly slices = new Map<string, Map<string, number>>();
  faces = 0;

  add(person: string, expression: string, slices: Readonly<Record<string, string>>): void {
    this.faces++;
    increment(this.expressions, expression);
    increment(innerMap(this.persons, person), expression);
    for (const [slice, value] of Object.entries(slices)) increment(innerMap(this.slices, slice), value);
  }
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function innerMap<V>(maps: Map<string, Map<string, V>>, key: string): Map<string, V> {
  const inner = maps.get(key) ?? new Map<string, V>();
  maps.set(key, inner);
  return inner;
}

export interface CardFacts {
  readonly from: string;
  readonly licence: string;
  readonly personsKnown: boolean;
  readonly leftOut: number;
  /** Text of `inputs.sha256`. */
  readonly inputList: string;
}

export function dataCard(counts: FaceCounts, facts: CardFacts): DataCard {
  return {
    format: "emotionnet-data-card-1",
    importedFrom: facts.from,
    licence: facts.licence,
    faces: counts.faces,
    persons: counts.persons.size,
    personsKnown: facts.personsKnown,
    facesByExpression: sorted(counts.expressions),
    facesByPerson: sortedMaps(counts.persons),
    facesBySlice: sortedMaps(counts.slices),
    leftOut: facts.leftOut,
    inputs: {
      files: facts.inputList.split("\n").length - 1,
      sha256: createHash("sha256").update(facts.inputList).digest("hex"),
    },
  };
}

function byKey<V>(entries: Iterable<readonly [string, V]>): (readonly [string, V])[] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
}

function sorted(counts: ReadonlyMap<string, number>): Counts {
  return Object.fromEntries(byKey(counts));
}

function sortedMaps(maps: ReadonlyMap<string, ReadonlyMap<string, number>>): Record<string, Counts> {
  return Object.fromEntries(byKey(maps).map(([key, counts]) => [key, sorted(counts)]));
}
