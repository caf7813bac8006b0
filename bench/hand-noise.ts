/**
 * How wrongly people place points, as the simulated protocol's points by hand use it.
 *
 *     node dist/bench/hand-noise.js <data directory>
 *
 * The directory holds `london-landmarks.json` and `london-templates.json` (102 neutral persons, points placed by hand). Nobody placed
 * them twice, so two upper bounds are printed: hand-placed points against the same face's mesh points, which holds the mesh's
 * errors too, and against their own mirror image, which holds the faces' asymmetry too. Below them, what the generator draws.
 * Lengths are percent of the outer-eye distance, along one axis; what is the same in all faces is left out.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { flipLandmarks, LANDMARK_COUNT, outerEyeDistance } from "@emotionnet/core";
import { drawStudioCamera, project } from "#packages/train/dist/generator/camera.js";
import { type LondonFace, readLondonSet } from "#packages/train/dist/generator/compare/london-set.js";
import { faceParameters } from "#packages/train/dist/generator/face-parameters.js";
import { type Template, templatePoints } from "#packages/train/dist/generator/fit/template-points.js";
import { Random } from "#packages/train/dist/generator/random.js";
import { disturb, drawTypicalSensor, sensorBase } from "#packages/train/dist/generator/sensor.js";
import { FRONTAL } from "./noise/known-faces.ts";
import { type Group, PointErrors } from "./noise/point-errors.ts";

/** Of the nose, a template marks the base alone. */
const GROUPS: readonly Group[] = ["eyes", "mouth", "brows", "jaw"];
/** Unmarked inner mouth corners move with the outer ones; the rest of the nose with its base. */
const STAND_INS = new Map([
  [60, 48],
  [64, 54],
]);
const NOSE_BASE = 33;
const DRAWS = 20_000;

/** Points placed by hand; where the template marks nothing, the mesh's, moved as the nearest marked point was. */
function handPlaced(template: Template, mesh: Float32Array): Float32Array {
  const marked = templatePoints(template);
  const placed = new Float32Array(mesh);
  for (let point = 0; point < LANDMARK_COUNT; point++) {
    const near = marked[point] ? point : (STAND_INS.get(point) ?? NOSE_BASE);
    for (const axis of [0, 1]) placed[2 * point + axis]! += marked[near]![axis]! - mesh[2 * near + axis]!;
  }
  return placed;
}

function againstMesh(faces: readonly LondonFace[], templates: Record<string, Template>): PointErrors {
  const errors = new PointErrors();
  for (const { id, landmarks } of faces) {
    errors.add(landmarks, handPlaced(templates[id]!, landmarks), outerEyeDistance(landmarks));
  }
  return errors;
}

function againstMirrorImage(faces: readonly LondonFace[], templates: Record<string, Template>): PointErrors {
  const errors = new PointErrors();
  for (const { id, landmarks } of faces) {
    const placed = handPlaced(templates[id]!, landmarks);
    errors.add(flipLandmarks(placed), placed, outerEyeDistance(placed));
  }
  return errors;
}

/** The noise of faces like those of the simulated protocol, seen from the front. */
function drawn(): PointErrors {
  const errors = new PointErrors();
  const face = new Float64Array(3 * LANDMARK_COUNT);
  const points = new Float64Array(2 * LANDMARK_COUNT);
  const visible = new Uint8Array(LANDMARK_COUNT);
  for (let draw = 0; draw < DRAWS; draw++) {
    const random = new Random(1, draw);
    const sensor = drawTypicalSensor(random, "annotator");
    const camera = drawStudioCamera(random, FRONTAL);
    sensorBase(sensor, faceParameters(), face);
    project(face, camera, points);
    const truth = Float32Array.from(points);
    disturb(random, points, sensor, camera, visible);
    errors.add(truth, Float32Array.from(points), outerEyeDistance(truth));
  }
  return errors;
}

/** @param copies how many independent placements the errors are the difference of */
function row(name: string, errors: PointErrors, copies: number): string {
  const percent = (error: number) => ((100 * error) / Math.sqrt(copies)).toFixed(2);
  const cells = GROUPS.flatMap((group) => {
    const { single, whole } = errors.noise(group);
    return [percent(single), percent(whole)];
  });
  return `| ${name} | ${cells.join(" | ")} |`;
}

const directory = process.argv[2];
if (!directory) throw new Error("Give the path of the directory that holds london-templates.json.");
const { points: templates }: { points: Record<string, Template> } = JSON.parse(
  readFileSync(join(directory, "london-templates.json"), "utf8"),
);
const faces = readLondonSet(join(directory, "london-landmarks.json")).filter(({ id }) => templates[id]);
console.log(`${faces.length} persons; % of the outer-eye distance along one axis\n`);
console.log(`| noise at most | ${GROUPS.map((group) => `${group}: a point | the part`).join(" | ")} |`);
console.log(`| --- |${" ---: |".repeat(2 * GROUPS.length)}`);
console.log(row("by hand, against the mesh", againstMesh(faces, templates), 1));
console.log(row("by hand, against the mirror image", againstMirrorImage(faces, templates), 2));
console.log(row("drawn (simulated)", drawn(), 1));
