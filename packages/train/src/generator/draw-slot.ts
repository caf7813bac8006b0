/** One sample of a set: what its place there asks for, drawn. */

import type { Expression } from "@emotionnet/core";
import { MULTI_PIE_CAMERAS } from "./camera.ts";
import { drawSample, type Sample } from "./draw-sample.ts";
import type { FaceParameters } from "./face-parameters.ts";
import type { Identity } from "./identity.ts";
import type { Random } from "./random.ts";
import { drawSensor, SOURCES, type Source } from "./sensor.ts";

/** `multipie`: studio, the 15 cameras in turn. `wild`: free pictures. */
export type Protocol = "multipie" | "wild";

/** What all samples of a set have in common. */
export interface DrawingOptions {
  readonly seed: number;
  /** Default `wild`. */
  readonly protocol?: Protocol;
  /** Share of samples that show posed rather than free performances; default 1 in the studio, 0.3 elsewhere. */
  readonly posedShare?: number;
  /** Relative shares of who placed the points; default mostly the mesh, some annotators, some detectors. */
  readonly sources?: Readonly<Partial<Record<Source, number>>>;
  /** Default `placed`: as sources place lip points; `skin`: they stay on the skin, to measure what the difference is worth. */
  readonly lipPoints?: "placed" | "skin";
}

/** The mix for a model that must serve points of any origin. */
export const DEFAULT_SOURCES: Readonly<Record<Source, number>> = {
  mesh: 0.5,
  annotator: 0.3,
  detector: 0.2,
};

/** Pictures that people label by expression are largely posed. */
const POSED_SHARE_OF_FREE_PICTURES = 0.3;

/** One sample's place in the set. */
export interface Slot {
  readonly expression: Expression;
  /** Counts the samples of this expression of this person. */
  readonly turn: number;
}

/** Counts the performances of an expression by a person. In the studio all cameras see the same moment; free pictures are moments of their own. */
export function performanceOf({ protocol }: DrawingOptions, { turn }: Slot): number {
  return protocol === "multipie" ? Math.floor(turn / MULTI_PIE_CAMERAS.length) : turn;
}

/** @param index counts the samples of this person */
export function drawSlot(
  options: DrawingOptions,
  parameters: FaceParameters,
  identity: Identity,
  person: number,
  index: number,
  slot: Slot,
): Sample {
  const isStudio = options.protocol === "multipie";
  const camera = (slot.turn + person) % MULTI_PIE_CAMERAS.length;
  return drawSample(
    {
      seed: options.seed,
      person,
      index,
      expression: slot.expression,
      performance: performanceOf(options, slot),
      posedShare: options.posedShare ?? (isStudio ? 1 : POSED_SHARE_OF_FREE_PICTURES),
      viewpoint: isStudio ? MULTI_PIE_CAMERAS[camera]! : undefined,
      drawSensor: (random) => {
        const sensor = drawSensor(random, drawSource(random, options.sources ?? DEFAULT_SOURCES));
        return options.lipPoints === "skin" ? { ...sensor, lipHold: 0 } : sensor;
      },
    },
    identity,
    parameters,
  );
}

function drawSource(random: Random, shares: Readonly<Partial<Record<Source, number>>>): Source {
  return random.pick(SOURCES.map((source) => ({ source, share: shares[source] ?? 0 }))).source;
}
