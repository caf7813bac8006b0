#!/usr/bin/env node
/**
 * Fits the parameters of the face generator and writes them to a file.
 *
 *     node packages/train/dist/generator/fit/fit-generator.js <data directory> <output file>
 *
 * The data directory holds `ict-face-landmarks.json` (the 68 landmark vertices of ICT-FaceKit: neutral mesh, identity
 * modes, expression shapes) and `london-landmarks.json` (attention-mesh points of neutral and smiling photographs).
 * The output is `packages/train/data/face-generator.json`; the same input gives the same bytes.
 */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { MESH_TO_IBUG68 } from "@emotionnet/core";
import writeFileAtomic from "write-file-atomic";
import { SIDED_ACTIONS, WHOLE_ACTIONS } from "../actions.ts";
import { type Modes, principalModes } from "./principal-modes.ts";
import { alignOnto, alignToMean } from "./procrustes.ts";
import { centred, combine, mirror, outerEyeDistance, type Shape, scaled, symmetrise } from "./shape.ts";

const IDENTITY_SHARE = 0.98;
const SIGNIFICANT_DIGITS = 4;
/** Smaller displacements (outer-eye distances) are rounding noise of the source. */
const SMALLEST_DISPLACEMENT = 2e-5;

interface IctFile {
  readonly source: string;
  readonly license: string;
  readonly neutral: number[][];
  readonly identity: number[][][];
  readonly expression: Record<string, number[][]>;
}

interface LondonFile {
  readonly source: string;
  readonly licence: string;
  readonly citation: Record<string, string>;
  readonly samples: { readonly subject: string; readonly label: string; readonly mesh478: number[][] }[];
}

function main(directory: string, output: string): void {
  const ictText = readFileSync(join(directory, "ict-face-landmarks.json"));
  const londonText = readFileSync(join(directory, "london-landmarks.json"));
  const ict = JSON.parse(ictText.toString()) as IctFile;
  const london = JSON.parse(londonText.toString()) as LondonFile;

  const unit = outerEyeDistance(ict.neutral.flat());
  const ictBase = centred(symmetrise(scaled(ict.neutral.flat(), 1 / unit)));
  const mesh = fitMesh(london, ictBase);
  const parameters = {
    title: "Parameters of the synthetic face generator",
    units:
      "distance between the outer eye corners of the base; x to the face's own left, y up, z out of the face",
    layout:
      "a shape is 68 points (iBUG order) x, y, z; identity = base + sum of a_i * deviations_i * directions_i with a_i ~ N(0, 1); sided actions hold the left half, the right half is its mirror image",
    provenance: {
      program: relative(process.cwd(), fileURLToPath(import.meta.url)).replaceAll("\\", "/"),
      sources: [
        {
          file: "ict-face-landmarks.json",
          sha256: sha256(ictText),
          source: ict.source,
          licence: ict.license,
        },
        {
          file: "london-landmarks.json",
          sha256: sha256(londonText),
          source: london.source,
          licence: london.licence,
          citation: Object.values(london.citation),
          use: "mean and covariance of 142 neutral faces; no face can be recovered from them",
        },
      ],
    },
    bases: { ict: rounded(ictBase), mesh: rounded(mesh.base) },
    identities: {
      ict: roundedModes(fitIctIdentity(ict, unit, ictBase)),
      mesh: roundedModes(mesh.identity),
    },
    actions: fitActions(ict.expression, unit),
  };
  writeFileAtomic.sync(output, `${JSON.stringify(parameters)}\n`);
  process.stderr.write(
    `mesh depth × ${mesh.depthScale.toFixed(3)}; identity modes ict ${parameters.identities.ict.deviations.length}, ` +
      `mesh ${parameters.identities.mesh.deviations.length}; wrote ${output}\n`,
  );
}

/**
 * Portraits are taken from about 1.4 m (16 outer-eye distances; assumed, the set does not say): their perspective, which
 * shrinks what lies further back, is taken out of the base, because the generator's cameras put their own in.
 */
const PORTRAIT_DISTANCE = 16;

/** The mesh's depth has no metric scale: it is stretched to the depth of the ICT base (least squares, inner points). */
function fitMesh(london: LondonFile, ictBase: Shape) {
  const neutrals = london.samples
    .filter((sample) => sample.label === "neutral")
    .map((sample) =>
      MESH_TO_IBUG68.flatMap((vertex) => {
        const [x, y, z] = sample.mesh478[vertex] as [number, number, number];
        return [x, -y, -z];
      }),
    );
  const first = alignToMean(neutrals);
  const upright = alignOnto(first.mean, ictBase);
  let dot = 0;
  let squares = 0;
  for (let index = 3 * 17 + 2; index < upright.length; index += 3) {
    dot += upright[index]! * ictBase[index]!;
    squares += upright[index]! ** 2;
  }
  const depthScale = dot / squares;
  // Turned to the ICT frame first, so that "depth" is the same axis for all.
  const stretched = first.shapes.map((shape) =>
    alignOnto(shape, first.mean).map((value, index) => (index % 3 === 2 ? value * depthScale : value)),
  );
  const { mean: base, shapes } = alignToMean(stretched);
  const meshBase = centred(withoutPerspective(symmetrise(alignOnto(base, ictBase))));
  const differences = shapes.map((shape) => combine(alignOnto(centred(shape), meshBase), 1, meshBase, -1));
  return {
    base: meshBase,
    depthScale,
    identity: principalModes(differences, differences.length - 1, IDENTITY_SHARE),
  };
}

function withoutPerspective(shape: Shape): Shape {
  const flat = shape.map((value, index) => {
    const depth = shape[index - (index % 3) + 2]!;
    return index % 3 === 2 ? value : (value * (PORTRAIT_DISTANCE - depth)) / PORTRAIT_DISTANCE;
  });
  return scaled(flat, 1 / outerEyeDistance(flat));
}

/** Persons' shapes after alignment: the modes' share in size, place and turn says nothing about a face. */
function fitIctIdentity(ict: IctFile, unit: number, base: Shape): Modes {
  const differences = ict.identity.map((mode) => {
    const person = centred(combine(base, 1, mode.flat(), 1 / unit));
    return combine(alignOnto(person, base), 1, base, -1);
  });
  return principalModes(differences, 1, IDENTITY_SHARE);
}

function fitActions(expression: IctFile["expression"], unit: number): Record<string, number[]> {
  const shape = (name: string) => scaled(expression[name]!.flat(), 1 / unit);
  const actions: Record<string, number[]> = {};
  for (const action of SIDED_ACTIONS) {
    actions[action] = tidy(combine(shape(`${action}_L`), 0.5, mirror(shape(`${action}_R`)), 0.5));
  }
  const sideways: Record<string, [string, string]> = {
    jawSide: ["jawLeft", "jawRight"],
    mouthSide: ["mouthLeft", "mouthRight"],
  };
  for (const action of WHOLE_ACTIONS) {
    const [left, right] = sideways[action] ?? [action, action];
    actions[action] = tidy(combine(shape(left), 0.5, mirror(shape(right)), 0.5));
  }
  return actions;
}

function tidy(shape: Shape): number[] {
  return rounded(shape.map((value) => (Math.abs(value) < SMALLEST_DISPLACEMENT ? 0 : value)));
}

function rounded(values: readonly number[]): number[] {
  return values.map((value) => Number(value.toPrecision(SIGNIFICANT_DIGITS)) || 0);
}

function roundedModes(modes: Modes): Modes {
  return { deviations: rounded(modes.deviations), directions: modes.directions.map(rounded) };
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

const [directory, output] = process.argv.slice(2);
if (directory === undefined || output === undefined) {
  process.stderr.write("Usage: node fit-generator.js <data directory> <output file>\n");
  process.exitCode = 2;
} else {
  main(directory, output);
}
