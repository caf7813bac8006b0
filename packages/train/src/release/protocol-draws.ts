/** The simulated protocol again and again: 33 test persons are few, and which were drawn moves a figure by two points. */

import { EmotionNet, EXPRESSIONS, type Model } from "@emotionnet/core";
import type { Dataset } from "../dataset/dataset.ts";
import { selectSamples } from "../dataset/select.ts";
import { splitByPerson } from "../dataset/split.ts";
import { evaluateAnswers } from "../evaluate/evaluate-answers.ts";
import { generateMultiPie } from "../generator/generate-multi-pie.ts";
import type { Source } from "../generator/sensor.ts";

export const PROTOCOL_DRAWS = 20;

export interface DrawnProtocol {
  /** Shares, 0..1, of the 33 test persons, one a draw. */
  readonly weightedF1: readonly number[];
  readonly macroF1: readonly number[];
  /** The same of all 337 persons. */
  readonly weightedF1OfAll: readonly number[];
}

/** The 33 test persons of a simulated Multi-PIE, one face for every twenty flash pictures. */
export function protocolTest(seed: number, source: Source): Dataset {
  return testPart(generateMultiPie({ seed, source }));
}

function testPart(whole: Dataset): Dataset {
  return selectSamples(whole, splitByPerson(whole.names).test);
}

/** Other persons in every draw; answers forced. @param firstSeed of the draws, which take it and the numbers after it */
export async function drawProtocol(model: Model, firstSeed: number, source: Source): Promise<DrawnProtocol> {
  const net = await EmotionNet.load(model);
  const scored = (dataset: Dataset) => {
    const answers = net.classifyBatch(dataset.landmarks, dataset.count);
    return evaluateAnswers(answers, dataset.labels, EXPRESSIONS);
  };
  const draws = Array.from({ length: PROTOCOL_DRAWS }, (_, draw) => {
    const whole = generateMultiPie({ seed: firstSeed + draw, source });
    return { test: scored(testPart(whole)), all: scored(whole) };
  });
  return {
    weightedF1: draws.map(({ test }) => test.weightedAverage.f1),
    macroF1: draws.map(({ test }) => test.average.f1),
    weightedF1OfAll: draws.map(({ all }) => all.weightedAverage.f1),
  };
}
