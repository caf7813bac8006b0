/** The simulated faces that the default model is trained, validated and measured on; persons never stand in two sets. */

import type { Dataset } from "../dataset/dataset.ts";
import { joinDatasets } from "../dataset/select.ts";
import { DEFAULT_SOURCES } from "../generator/draw-slot.ts";
import { type GenerateOptions, generateFaces } from "../generator/generate-faces.ts";
import type { Source } from "../generator/sensor.ts";
import { withMeanJaw } from "./mean-jaw.ts";
import { protocolTest } from "./protocol-draws.ts";

const SAMPLES_PER_PERSON = 60;

/** Persons a set; × 60 faces each. Free pictures teach variety, studio pictures the original's fifteen cameras. */
export interface SetSizes {
  readonly trainWild: number;
  readonly trainStudio: number;
  readonly heldOut: number;
}

export const DEFAULT_SIZES: SetSizes = { trainWild: 18_000, trainStudio: 7200, heldOut: 200 };

/** Share of training faces with a jaw that says nothing, because detectors draw jaws each in their own way. */
export const MEAN_JAW_SHARE = 0.3;

/**
 * Faces for training: free pictures and studio pictures together. Only the studio's are posed: posed performances among the
 * free ones change nothing on simulated faces and cost real, faint smiles (docs/reference/training.md, "style").
 */
export function trainingSet(seed: number, sizes: SetSizes): Dataset {
  const drawn = joinDatasets([
    faces(sizes.trainWild, [seed, 1], { protocol: "wild", posedShare: 0 }),
    faces(sizes.trainStudio, [seed, 2], { protocol: "multipie" }),
  ]);
  return withMeanJaw(drawn, MEAN_JAW_SHARE, seed);
}

/** Faces of other persons, for the best epoch and the temperature. */
export function validationSet(seed: number, sizes: SetSizes): Dataset {
  return joinDatasets([
    faces(sizes.heldOut, [seed, 3], { protocol: "wild" }),
    faces(sizes.heldOut, [seed, 4], { protocol: "multipie" }),
  ]);
}

/** What is measured apart: both protocols, and free pictures by who placed the points. */
export function testSets(seed: number, sizes: SetSizes): Record<string, Dataset> {
  const bySource = (source: Source) =>
    faces(sizes.heldOut, [seed, 5], { protocol: "wild", sources: { [source]: 1 } });
  const named = Object.keys(DEFAULT_SOURCES).map(
    (name) => [`wild-${name}`, bySource(name as Source)] as const,
  );
  return {
    multipie: faces(sizes.heldOut, [seed, 6], { protocol: "multipie" }),
    "multipie-shares": faces(sizes.heldOut, [seed, 7], { protocol: "multipie", classShares: "multipie" }),
    "multipie-protocol-detector": protocolTest(seed * 100 + 9, "mesh"),
    "multipie-protocol-manual": protocolTest(seed * 100 + 9, "annotator"),
    wild: faces(sizes.heldOut, [seed, 8], { protocol: "wild" }),
    ...Object.fromEntries(named),
  };
}

function faces(
  persons: number,
  [seed, part]: readonly [seed: number, part: number],
  options: Partial<GenerateOptions>,
): Dataset {
  return generateFaces({
    persons,
    samplesPerPerson: SAMPLES_PER_PERSON,
    seed: seed * 100 + part,
    ...options,
  });
}
