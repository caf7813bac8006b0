/** How points come to be on a picture: who or what placed them, and how wrongly. */

import { LANDMARK_VALUES, PARTS } from "@emotionnet/core";
import type { Camera } from "./camera.ts";
import type { Region } from "./expression.ts";
import type { FaceParameters } from "./face-parameters.ts";
import type { Random } from "./random.ts";

export const SOURCES = ["mesh", "annotator", "detector"] as const;
export type Source = (typeof SOURCES)[number];

type Range = readonly [low: number, high: number];

/**
 * The character of a landmark source. Lengths are standard deviations in outer-eye distances, for a frontal face of
 * ordinary size.
 */
interface Character {
  /** How far its mean face lies from the mesh's (0) towards hand-placed points (1), drawn apart for each facial part. */
  readonly template: Range;
  /** The same towards a scan's vertices, on top. */
  readonly scan: Range;
  /** How much of a true movement its points show. */
  readonly gains: Readonly<Record<Region, Range>>;
  /** How far its parts move as wholes. */
  readonly stiffness: Readonly<Record<Region, Range>>;
  /** How far its lip points hold their shares of the mouth's width when the mouth changes; 0: they stay on the skin. */
  readonly lipHold: Range;
  /** Share of a wide mouth gap by which the lower inner lip is drawn too high. */
  readonly lipRise: Range;
  /** How far hidden jaw points are drawn to the visible outline. */
  readonly outline: Range;
  /** Width and length of the jaw line as a whole: at the ears or the cheeks, on the chin or below it. */
  readonly jawSize: number;
  /** Probability that it draws an average jaw, whoever the person and whatever the mouth does. */
  readonly averageJaw: number;
  /** Each point for itself. */
  readonly pointNoise: Range;
  /** A whole facial part together. */
  readonly partNoise: Range;
  /** Along the contour, where nothing marks the place: jaw. Brows slide half as far. */
  readonly slide: Range;
  /** The brow line as a whole: upper edge, middle or lower edge. */
  readonly browHeight: number;
  /** Growth of the noise from frontal to profile. */
  readonly profileGrowth: number;
  /** Noise of one typical source of this kind where it was measured; the ranges above span many. */
  readonly typical?: { readonly pointNoise: Range; readonly partNoise: Range };
}

/** Every point moves for itself; of other detectors nothing else is known. */
const LOOSE = { jaw: [0, 0], mouth: [0, 0], eyes: [0, 0], brows: [0, 0], nose: [0, 0] } as const;

const CHARACTERS: Readonly<Record<Source, Character>> = {
  // Gains: slopes of measured against true change on annotated photographs (mouth 0.93, eyes 0.72, brows 0.65); wide-open
  // mouths come out less open, and a wrinkled nose hardly shows. Stiffness: London smiles, and drawn faces read by the mesh
  // (`bench/mesh-response.ts`).
  mesh: {
    template: [-0.1, 0.2],
    scan: [-0.05, 0.06],
    gains: { jaw: [0.5, 1.1], mouth: [0.78, 1.05], eyes: [0.55, 1], brows: [0.5, 1], nose: [0.4, 1] },
    stiffness: { jaw: [0, 0.9], mouth: [0, 0.4], eyes: [0.3, 1], brows: [0, 1], nose: [0, 1] },
    lipHold: [0.9, 1.05],
    lipRise: [0, 0.3],
    outline: [0, 0.4],
    jawSize: 0.02,
    averageJaw: 0.15,
    pointNoise: [0.002, 0.006],
    partNoise: [0.002, 0.01],
    slide: [0, 0.02],
    browHeight: 0.008,
    profileGrowth: 2.5,
  },
  // Noise of many teams assumed: about 1 % on corners, more along the jaw, where nothing marks the place. Of one careful
  // team: the smaller of two upper bounds on eyes and lips of the London templates (`bench/hand-noise.ts`).
  annotator: {
    template: [0, 1.15],
    scan: [0, 0.3],
    gains: { jaw: [0.7, 1.1], mouth: [0.95, 1.05], eyes: [0.9, 1.1], brows: [0.9, 1.1], nose: [0.85, 1.1] },
    stiffness: LOOSE,
    lipHold: [0.6, 1],
    lipRise: [0, 0],
    outline: [0.6, 1],
    jawSize: 0.035,
    averageJaw: 0.15,
    pointNoise: [0.004, 0.014],
    partNoise: [0.003, 0.012],
    slide: [0.01, 0.05],
    browHeight: 0.02,
    profileGrowth: 0.5,
    typical: { pointNoise: [0.003, 0.009], partNoise: [0.002, 0.0085] },
  },
  // Regression networks pull towards the mean face (slopes of one: mouth 0.82, eyes 0.21, brows 0.30).
  detector: {
    template: [0, 1.15],
    scan: [0, 0.4],
    gains: { jaw: [0.2, 1.1], mouth: [0.7, 1.05], eyes: [0.3, 1], brows: [0.35, 1], nose: [0.4, 1] },
    stiffness: LOOSE,
    lipHold: [0.6, 1],
    lipRise: [0, 0.3],
    outline: [0.2, 1],
    jawSize: 0.045,
    averageJaw: 0.3,
    pointNoise: [0.005, 0.018],
    partNoise: [0.006, 0.02],
    slide: [0.01, 0.04],
    browHeight: 0.02,
    profileGrowth: 2,
  },
};

/** A source as drawn for one sample. */
export interface Sensor {
  readonly source: Source;
  /** Per part of the 68 points, in the order of PARTS. */
  readonly template: readonly number[];
  readonly scan: readonly number[];
  readonly gains: Readonly<Record<Region, number>>;
  readonly stiffness: Readonly<Record<Region, number>>;
  readonly lipHold: number;
  readonly lipRise: number;
  readonly outline: number;
  readonly jawWidth: number;
  readonly jawLength: number;
  /** False: the jaw is an average one. */
  readonly seesJaw: boolean;
  readonly pointNoise: number;
  readonly partNoise: number;
  readonly slide: number;
  readonly browHeight: number;
  readonly profileGrowth: number;
}

const PART_RANGES = Object.values(PARTS);
/** Parts that share a mean-face mixture, because both sides are placed alike. */
const PART_GROUPS = [0, 1, 1, 2, 3, 3, 4, 4];
const GROUP_COUNT = 5;
/** Pixels of uncertainty that do not shrink with the face. */
const PIXEL_NOISE = 0.35;
/** Hidden points are guessed: their part as a whole has this many times the noise of a seen one, on top. */
const GUESS = 2;

export function drawSensor(random: Random, source: Source): Sensor {
  const character = CHARACTERS[source];
  const shares = (range: Range) => {
    const groups = Array.from({ length: GROUP_COUNT }, () => random.uniform(...range));
    return PART_GROUPS.map((group) => groups[group]!);
  };
  return {
    source,
    template: shares(character.template),
    scan: shares(character.scan),
    gains: ofRegions(character.gains, (range) => random.uniform(...range)),
    stiffness: ofRegions(character.stiffness, (range) => random.uniform(...range)),
    lipHold: random.uniform(...character.lipHold),
    lipRise: random.uniform(...character.lipRise),
    outline: random.uniform(...character.outline),
    jawWidth: 1 + random.normal(character.jawSize),
    jawLength: 1 + random.normal(character.jawSize),
    seesJaw: !random.chance(character.averageJaw),
    pointNoise: random.uniform(...character.pointNoise),
    partNoise: random.uniform(...character.partNoise),
    slide: random.uniform(...character.slide),
    browHeight: random.normal(character.browHeight),
    profileGrowth: character.profileGrowth,
  };
}

/** One annotator team or one detector: its habits are the middle of the source's ranges, its noise varies as measured. */
export function drawTypicalSensor(random: Random, source: Source): Sensor {
  const { template, scan, gains, stiffness, lipHold, lipRise, outline, ...others } = CHARACTERS[source];
  const noise = { ...others, ...others.typical };
  const shares = (range: Range) => PART_GROUPS.map(() => middle(range));
  return {
    source,
    template: shares(template),
    scan: shares(scan),
    gains: ofRegions(gains, middle),
    stiffness: ofRegions(stiffness, middle),
    lipHold: middle(lipHold),
    lipRise: middle(lipRise),
    outline: middle(outline),
    jawWidth: 1,
    jawLength: 1,
    seesJaw: true,
    pointNoise: random.uniform(...noise.pointNoise),
    partNoise: random.uniform(...noise.partNoise),
    slide: random.uniform(...noise.slide),
    browHeight: 0,
    profileGrowth: noise.profileGrowth,
  };
}

function ofRegions(
  { jaw, brows, eyes, mouth, nose }: Readonly<Record<Region, Range>>,
  pick: (range: Range) => number,
): Readonly<Record<Region, number>> {
  // In this order: draws of other faces depend on it.
  return { jaw: pick(jaw), brows: pick(brows), eyes: pick(eyes), mouth: pick(mouth), nose: pick(nose) };
}

function middle([low, high]: Range): number {
  return (low + high) / 2;
}

/** Writes the mean neutral face of this source into `face`. */
export function sensorBase(sensor: Sensor, { bases }: FaceParameters, face: Float64Array): void {
  for (const [part, [start, end]] of PART_RANGES.entries()) {
    const [template, scan] = [sensor.template[part]!, sensor.scan[part]!];
    for (let index = 3 * start; index < 3 * end; index++) {
      const mesh = bases.mesh[index]!;
      face[index] = mesh + template * (bases.template[index]! - mesh) + scan * (bases.ict[index]! - mesh);
    }
  }
  for (let point = PARTS.rightBrow[0]; point < PARTS.leftBrow[1]; point++)
    face[3 * point + 1]! += sensor.browHeight;
  for (let point = PARTS.jaw[0]; point < PARTS.jaw[1]; point++) {
    face[3 * point]! *= sensor.jawWidth;
    face[3 * point + 1]! *= sensor.jawLength;
  }
}

/** Gaps up to this are drawn as they are (outer-eye distances). */
const ORDINARY_GAP = 0.1;
const INNER_LOWER_LIP = [65, 66, 67];
const OUTER_LOWER_LIP = [56, 57, 58];
/** The outer lip follows the inner one only in part. */
const OUTER_LIP_SHARE = 0.3;

/** Draws the lower lip of a wide-open mouth too high, as the source does (in place, points in space). */
export function raiseLowerLip(face: Float64Array, { lipRise }: Sensor): void {
  const gap = face[3 * 62 + 1]! - face[3 * 66 + 1]!;
  const rise = lipRise * Math.max(0, gap - ORDINARY_GAP);
  for (const point of INNER_LOWER_LIP) face[3 * point + 1]! += rise;
  for (const point of OUTER_LOWER_LIP) face[3 * point + 1]! += OUTER_LIP_SHARE * rise;
}

/**
 * Disturbs 68 projected points (x, y pixels, in place) as the source would. `occluded` marks hidden points: their
 * places are guesses, moved together with their part.
 */
export function disturb(
  random: Random,
  points: Float64Array,
  sensor: Sensor,
  camera: Camera,
  occluded: Uint8Array,
): void {
  const growth = 1 + sensor.profileGrowth * Math.sin((camera.pose.yaw * Math.PI) / 180) ** 4;
  const pixels = camera.scale;
  // Guessing and turning move parts as a whole more than they scramble the points within.
  const point = Math.hypot(sensor.pointNoise * Math.sqrt(growth) * pixels, PIXEL_NOISE);
  const part = Math.hypot(sensor.partNoise * growth * pixels, PIXEL_NOISE);
  slide(random, points, PARTS.jaw, sensor.slide * growth * pixels);
  slide(random, points, PARTS.rightBrow, 0.5 * sensor.slide * growth * pixels);
  slide(random, points, PARTS.leftBrow, 0.5 * sensor.slide * growth * pixels);
  for (const [start, end] of PART_RANGES) {
    const togetherX = random.normal(part);
    const togetherY = random.normal(part);
    const guessX = random.normal(part * GUESS);
    const guessY = random.normal(part * GUESS);
    for (let index = start; index < end; index++) {
      const isGuess = occluded[index] === 1;
      points[2 * index]! += togetherX + random.normal(point) + (isGuess ? guessX : 0);
      points[2 * index + 1]! += togetherY + random.normal(point) + (isGuess ? guessY : 0);
    }
  }
}

/** Moves points along their contour: neighbours together, as whoever spaces the points too wide or too narrow does. */
function slide(
  random: Random,
  points: Float64Array,
  [start, end]: readonly [number, number],
  size: number,
): void {
  for (let index = 2 * start; index < 2 * end; index++) moved[index] = points[index]!;
  let offset = random.normal(size);
  const step = size * Math.sqrt(1 - SLIDE_MEMORY ** 2);
  for (let point = start; point < end; point++) {
    const before = Math.max(start, point - 1);
    const after = Math.min(end - 1, point + 1);
    const x = points[2 * after]! - points[2 * before]!;
    const y = points[2 * after + 1]! - points[2 * before + 1]!;
    const length = Math.hypot(x, y) || 1;
    moved[2 * point]! += (offset * x) / length;
    moved[2 * point + 1]! += (offset * y) / length;
    offset = SLIDE_MEMORY * offset + random.normal(step);
  }
  for (let index = 2 * start; index < 2 * end; index++) points[index] = moved[index]!;
}

/** Points on their way to their new places. */
const moved = new Float64Array(LANDMARK_VALUES);

/** Correlation of neighbouring points' slides. */
const SLIDE_MEMORY = 0.7;

/** Things in front of a face: which points they hide, and how often in free pictures. */
const COVERS: readonly { readonly share: number; readonly points: readonly Range[] }[] = [
  { share: 0.25, points: [PARTS.rightBrow] },
  { share: 0.25, points: [PARTS.leftBrow] },
  { share: 0.15, points: [[0, 5], PARTS.rightBrow] },
  { share: 0.15, points: [[12, 17], PARTS.leftBrow] },
  { share: 0.1, points: [[4, 13]] },
  {
    share: 0.1,
    points: [
      [5, 12],
      [55, 60],
    ],
  },
];
const COVER_PROBABILITY = 0.06;

/** Marks points that hair, a hand or a scarf hides in some pictures. */
export function cover(random: Random, occluded: Uint8Array): void {
  if (!random.chance(COVER_PROBABILITY)) return;
  for (const [start, end] of random.pick(COVERS).points) occluded.fill(1, start, end);
}
