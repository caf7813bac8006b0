/** What a model answers when it may abstain. */

import { setImmediate } from "node:timers/promises";
import {
  ABSTAIN_REASONS,
  type AbstainReason,
  type AbstainThresholds,
  EmotionNet,
  EmotionNetError,
  fitQuality,
  fitShape,
  type Model,
  normalise,
  outerEyeDistance,
  reasonToAbstain,
} from "@emotionnet/core";
import { type Dataset, faceAt } from "../dataset/dataset.ts";

/** One face with what the decision to answer is made of. */
export interface JudgedFace {
  readonly label: number;
  /** The most probable class. */
  readonly answer: number;
  readonly confidence: number;
  readonly quality: number;
  /** Degrees; undefined when the model cannot tell. */
  readonly yaw: number | undefined;
  /** Outer-eye distance in the unit of the points. */
  readonly size: number;
  /** False for points that cannot be normalised (all in one place). */
  readonly isFace: boolean;
}

/** Faces judged before other work may run. */
const FACES_PER_PART = 8192;

/**
 * Every face of a data set, without its thresholds applied.
 * @param onProgress between parts of many faces; what it throws ends the work
 */
export async function judgeFaces(
  model: Model,
  dataset: Dataset,
  onProgress?: (done: number) => void,
): Promise<JudgedFace[]> {
  const net = await EmotionNet.load(model);
  const judged: JudgedFace[] = [];
  for (let face = 0; face < dataset.count; face++) {
    judged.push(judge(net, faceAt(dataset, face), dataset.labels[face]!));
    if (judged.length % FACES_PER_PART === 0) {
      await setImmediate();
      onProgress?.(judged.length);
    }
  }
  return judged;
}

function judge(net: EmotionNet, points: Float32Array, label: number): JudgedFace {
  try {
    const normalised = normalise(points);
    const probabilities = net.classifyBatch(points, 1);
    const confidence = Math.max(...probabilities);
    const { shape } = net.model;
    const fit = fitShape(shape, normalised);
    return {
      label,
      answer: probabilities.indexOf(confidence),
      confidence,
      quality: fitQuality(shape, fit),
      yaw: fit.yaw,
      size: outerEyeDistance(points),
      isFace: true,
    };
  } catch (error) {
    if (!(error instanceof EmotionNetError)) throw error;
    return { label, answer: 0, confidence: 0, quality: 0, yaw: undefined, size: 0, isFace: false };
  }
}

/** Whether no threshold can ever hold an answer back. */
export function neverAbstains({ confidence, quality, yaw = 90, size = 0 }: AbstainThresholds): boolean {
  return confidence === 0 && quality === 0 && yaw >= 90 && size === 0;
}

/** How often each reason is given, and how good the given answers are. */
export interface AbstentionCounts {
  readonly faces: number;
  /** Share of faces without an answer, 0..1. */
  readonly abstained: number;
  readonly byReason: Readonly<Record<AbstainReason, number>>;
  /** Share of right ones among the answers given, 0..1; 0 when there are none. */
  readonly accuracyOfAnswers: number;
}

/** @param unit `pixels` lets the size rule count */
export function countAbstentions(
  faces: readonly JudgedFace[],
  thresholds: AbstainThresholds,
  unit: "pixels" | "any" = "pixels",
): AbstentionCounts {
  const counts = Object.fromEntries(ABSTAIN_REASONS.map((reason) => [reason, 0])) as Record<
    AbstainReason,
    number
  >;
  let right = 0;
  let answered = 0;
  for (const face of faces) {
    const reason = reasonOf(face, thresholds, unit);
    if (reason) counts[reason]++;
    else {
      answered++;
      if (face.answer === face.label) right++;
    }
  }
  return {
    faces: faces.length,
    abstained: faces.length === 0 ? 0 : 1 - answered / faces.length,
    byReason: counts,
    accuracyOfAnswers: answered === 0 ? 0 : right / answered,
  };
}

/** Why this face gets no answer under these thresholds. */
export function reasonOf(
  face: JudgedFace,
  thresholds: AbstainThresholds,
  unit: "pixels" | "any" = "pixels",
): AbstainReason | undefined {
  if (!face.isFace) return "no-landmarks";
  return reasonToAbstain(thresholds, { ...face, size: unit === "pixels" ? face.size : undefined });
}
