/** One synthetic face on one picture. */

import { EXPRESSIONS, type Expression, LANDMARK_COUNT, LANDMARK_VALUES, PARTS } from "@emotionnet/core";
import { drawStudioCamera, drawWildCamera, project, type Viewpoint } from "./camera.ts";
import { applyPerformance, drawPerformance } from "./expression.ts";
import { type FaceParameters, SHAPE_VALUES } from "./face-parameters.ts";
import type { Identity } from "./identity.ts";
import { Random } from "./random.ts";
import { cover, disturb, raiseLowerLip, type Sensor, sensorBase } from "./sensor.ts";
import { moveJawToOutline, selfOcclusion } from "./visibility.ts";

/** Which independent stream of draws is used for what. */
export const STREAM = { identity: 1, labels: 2, performance: 3, sample: 4 } as const;

const JAW_VALUES = 3 * PARTS.jaw[1];

// Places of the face that is being drawn: millions are, and fresh arrays for each would cost a tenth of the time.
const face = new Float64Array(SHAPE_VALUES);
const averageJaw = new Float64Array(JAW_VALUES);
const points = new Float64Array(LANDMARK_VALUES);

export interface SampleRequest {
  readonly seed: number;
  /** Counts from 0. */
  readonly person: number;
  /** Counts the samples of this person. */
  readonly index: number;
  readonly expression: Expression;
  /** Counts the performances of this expression by this person; samples of one performance show the same moment. */
  readonly performance: number;
  /** Probability that the performance is a posed one. */
  readonly posedShare: number;
  /** A studio camera; a free picture when left out. */
  readonly viewpoint: Viewpoint | undefined;
  readonly drawSensor: (random: Random) => Sensor;
}

export interface Sample {
  /** x, y pixels of 68 points. */
  readonly landmarks: Float32Array;
  /** 1 marks a hidden point. */
  readonly occluded: Uint8Array;
  /** Name of the camera. */
  readonly camera: string;
}

/** Draws a face as its person, its moment and its picture's own stream of draws make it. */
export function drawSample(request: SampleRequest, identity: Identity, parameters: FaceParameters): Sample {
  const { seed, person, expression, viewpoint } = request;
  const label = EXPRESSIONS.indexOf(expression);
  const moment = new Random(seed, STREAM.performance, person, label, request.performance);
  const style = moment.chance(request.posedShare) ? "posed" : "free";
  const performance = drawPerformance(moment, expression, style, identity);
  const random = new Random(seed, STREAM.sample, person, request.index);
  const camera = viewpoint ? drawStudioCamera(random, viewpoint) : drawWildCamera(random);
  const sensor = request.drawSensor(random);

  sensorBase(sensor, parameters, face);
  averageJaw.set(face.subarray(0, JAW_VALUES));
  const { shape } = identity;
  for (let value = 0; value < SHAPE_VALUES; value++) face[value]! += shape[value]!;
  applyPerformance(face, performance, sensor, parameters);
  raiseLowerLip(face, sensor);
  if (!sensor.seesJaw) face.set(averageJaw);

  const occluded = new Uint8Array(LANDMARK_COUNT);
  selfOcclusion(face, camera.pose.yaw, occluded);
  if (!viewpoint) cover(random, occluded);
  moveJawToOutline(face, camera.pose.yaw, sensor.outline);
  project(face, camera, points);
  disturb(random, points, sensor, camera, occluded);
  return { landmarks: new Float32Array(points), occluded, camera: camera.name };
}
