/** The default model's thresholds of abstaining, by a written rule from held-out simulated faces. */

import type { AbstainThresholds } from "@emotionnet/core";
import type { JudgedFace } from "../evaluate/abstention.ts";
import { type RiskPoint, riskCoverage } from "../evaluate/risk-coverage.ts";

/** Degrees of yaw up to which a face counts as frontal. */
const FRONTAL_YAW = 20;
/** What the two rules may cost of clean frontal faces; together below the 3 % that are promised. */
const FRONTAL_COST = { quality: 0.005, confidence: 0.015 } as const;
/** Answers may get this many times as wrong as frontal ones before a gate closes. */
const RISK_FACTOR = 2;
/** The widest yaw that is answered: landmark detectors were never measured on real faces turned further. */
const YAW_STEPS = [45, 50, 55, 60, 65] as const;
/** Smallest sizes in pixels between the outer eye corners, from the largest. */
const SIZE_STEPS = [32, 28, 24, 20, 16, 12] as const;
/** Fewer faces say nothing about a gate. */
const LEAST_FACES = 100;

/**
 * - quality: the largest threshold (in hundredths) that refuses at most 0.5 % of clean frontal faces.
 * - yaw: the first of 45, 50, …, 65° beyond which answers are more than twice as often wrong as frontal ones; 65° when none is.
 * - size: the largest of 32, 28, …, 12 pixels below which answers are more than twice as often wrong as frontal ones; 12
 *   when none is.
 * - confidence: from the risk-coverage curve of the faces that pass the other rules, the least at which at most half as
 *   many answers are wrong as when all are given; lower where it would refuse more than 1.5 % of clean frontal faces.
 * @param faces held-out faces, with the temperature applied
 */
export function chooseThresholds(faces: readonly JudgedFace[]): Required<AbstainThresholds> {
  const frontal = faces.filter(({ yaw }) => Math.abs(yaw ?? 0) <= FRONTAL_YAW);
  const frontalRisk = riskOf(frontal);
  const isTooRisky = (members: readonly JudgedFace[]) =>
    members.length >= LEAST_FACES && riskOf(members) > RISK_FACTOR * frontalRisk;
  const quality = downToHundredth(
    quantile(
      frontal.map((face) => face.quality),
      FRONTAL_COST.quality,
    ),
  );
  const yaw =
    YAW_STEPS.find((limit) => isTooRisky(faces.filter((face) => Math.abs(face.yaw ?? 0) > limit))) ??
    YAW_STEPS.at(-1)!;
  const size =
    SIZE_STEPS.find((limit) => isTooRisky(faces.filter((face) => face.size < limit))) ?? SIZE_STEPS.at(-1)!;
  const passing = faces.filter(
    (face) => face.quality >= quality && Math.abs(face.yaw ?? 0) <= yaw && face.size >= size,
  );
  const { points } = riskCoverage(
    passing.map(({ confidence }) => confidence),
    passing.map(({ answer, label }) => answer === label),
  );
  const halved = points.findLast(({ risk }) => risk <= allAnswered(points) / 2)?.threshold ?? 0;
  const affordable = quantile(
    frontal.map((face) => face.confidence),
    FRONTAL_COST.confidence,
  );
  return { confidence: downToHundredth(Math.min(halved, affordable)), quality, yaw, size };
}

function allAnswered(points: readonly RiskPoint[]): number {
  return points.at(-1)?.risk ?? 0;
}

function riskOf(faces: readonly JudgedFace[]): number {
  return faces.length === 0 ? 0 : faces.filter(({ answer, label }) => answer !== label).length / faces.length;
}

/** The value that at most `share` of the values are below; 0 for no values. */
function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.floor(share * sorted.length)] ?? 0;
}

function downToHundredth(value: number): number {
  return Math.floor(100 * value) / 100;
}
