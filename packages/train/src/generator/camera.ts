/** Where the picture is taken from: head pose, distance and picture size, and the projection onto pixels. */

import { LANDMARK_COUNT, type Pose } from "@emotionnet/core";
import { CENTIMETRES_PER_UNIT } from "./face-parameters.ts";
import type { Random } from "./random.ts";

export interface Camera {
  /** Three digits of the Multi-PIE camera, such as `051`; of free pictures the nearest in yaw. */
  readonly name: string;
  /** Degrees, in the sign convention of core's `Pose`. */
  readonly pose: Pose;
  /** From the middle of the face, in outer-eye distances. */
  readonly distance: number;
  /** Pixels of an outer-eye distance at the middle of the face. */
  readonly scale: number;
  /** Pixels where the middle of the face falls. */
  readonly centre: readonly [x: number, y: number];
}

export interface Viewpoint {
  readonly name: string;
  readonly yaw: number;
  readonly pitch: number;
}

/**
 * Multi-PIE's 15 cameras: 13 at head height every 15°, and two below the ceiling that see the face from above
 * (by 25°, assumed).
 * A camera on the face's right side sees a face that is turned to its own left: 24_0 has yaw +90.
 */
export const MULTI_PIE_CAMERAS: readonly Viewpoint[] = [
  { name: "110", yaw: -90, pitch: 0 },
  { name: "120", yaw: -75, pitch: 0 },
  { name: "090", yaw: -60, pitch: 0 },
  { name: "080", yaw: -45, pitch: 0 },
  { name: "130", yaw: -30, pitch: 0 },
  { name: "140", yaw: -15, pitch: 0 },
  { name: "051", yaw: 0, pitch: 0 },
  { name: "050", yaw: 15, pitch: 0 },
  { name: "041", yaw: 30, pitch: 0 },
  { name: "190", yaw: 45, pitch: 0 },
  { name: "200", yaw: 60, pitch: 0 },
  { name: "010", yaw: 75, pitch: 0 },
  { name: "240", yaw: 90, pitch: 0 },
  { name: "081", yaw: -45, pitch: -25 },
  { name: "191", yaw: 45, pitch: -25 },
];

/** Studio, assumed: cameras about 1.2 m away, heads held within a few degrees, 85 to 130 pixels between the outer eye corners. */
const STUDIO = { centimetres: 120, poseSpread: 3, scale: [85, 130] } as const;

/**
 * Free pictures. Distance from a phone at 30 cm to a telephoto at 4 m, evenly in its logarithm. Yaw is mostly small (people
 * look at cameras), with an even tail to profile; pitch and roll are normal, cut at what detectors still find.
 */
const WILD = {
  centimetres: [30, 400],
  yaw: { spread: 14, tail: 0.25, largest: 90 },
  pitch: { spread: 9, largest: 40 },
  roll: { spread: 10, largest: 45 },
  scale: [18, 350],
} as const;

export function drawStudioCamera(random: Random, viewpoint: Viewpoint): Camera {
  return {
    name: viewpoint.name,
    pose: {
      yaw: viewpoint.yaw + random.normal(STUDIO.poseSpread),
      pitch: viewpoint.pitch + random.normal(STUDIO.poseSpread),
      roll: random.normal(STUDIO.poseSpread),
    },
    distance: (STUDIO.centimetres / CENTIMETRES_PER_UNIT) * Math.exp(random.normal(0.08)),
    scale: random.uniform(...STUDIO.scale),
    centre: [320 + random.normal(30), 240 + random.normal(20)],
  };
}

export function drawWildCamera(random: Random): Camera {
  const { yaw, pitch, roll } = WILD;
  const turn = random.chance(yaw.tail)
    ? random.uniform(-yaw.largest, yaw.largest)
    : random.normal(yaw.spread);
  const scale = logUniform(random, WILD.scale);
  return {
    name: nearestCamera(turn),
    pose: {
      yaw: clamp(turn, yaw.largest),
      pitch: clamp(random.normal(pitch.spread), pitch.largest),
      roll: clamp(random.normal(roll.spread), roll.largest),
    },
    distance: logUniform(random, WILD.centimetres) / CENTIMETRES_PER_UNIT,
    scale,
    centre: [scale * random.uniform(1.5, 4), scale * random.uniform(1.5, 3)],
  };
}

/**
 * Perspective projection of 68 points in space (x to the face's left, y up, z out) onto pixels (x right, y down).
 * Turned by yaw about the head's vertical, then pitch, then roll in the picture plane.
 */
export function project(face: Float64Array, camera: Camera, target: Float64Array): void {
  const [yaw, pitch, roll] = [camera.pose.yaw, camera.pose.pitch, camera.pose.roll].map(radians) as [
    number,
    number,
    number,
  ];
  const [cosYaw, sinYaw] = [Math.cos(yaw), Math.sin(yaw)];
  const [cosPitch, sinPitch] = [Math.cos(pitch), Math.sin(pitch)];
  const [cosRoll, sinRoll] = [Math.cos(roll), Math.sin(roll)];
  for (let point = 0; point < LANDMARK_COUNT; point++) {
    const x = face[3 * point]!;
    const y = face[3 * point + 1]!;
    const z = face[3 * point + 2]!;
    const turnedX = cosYaw * x + sinYaw * z;
    const turnedZ = cosYaw * z - sinYaw * x;
    const noddedY = cosPitch * y + sinPitch * turnedZ;
    const depth = cosPitch * turnedZ - sinPitch * y;
    const size = (camera.scale * camera.distance) / (camera.distance - depth);
    target[2 * point] = camera.centre[0] + size * (cosRoll * turnedX + sinRoll * noddedY);
    target[2 * point + 1] = camera.centre[1] - size * (cosRoll * noddedY - sinRoll * turnedX);
  }
}

function nearestCamera(yaw: number): string {
  let best = MULTI_PIE_CAMERAS[0]!;
  for (const camera of MULTI_PIE_CAMERAS) {
    if (camera.pitch === 0 && Math.abs(camera.yaw - yaw) < Math.abs(best.yaw - yaw)) best = camera;
  }
  return best.name;
}

function logUniform(random: Random, [low, high]: readonly [number, number]): number {
  return Math.exp(random.uniform(Math.log(low), Math.log(high)));
}

function clamp(value: number, largest: number): number {
  return Math.max(-largest, Math.min(largest, value));
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
