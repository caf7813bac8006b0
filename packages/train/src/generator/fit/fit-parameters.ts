/** Computes the generator's parameters from landmark shapes. */

import { createHash } from "node:crypto";
import { FIRST_INNER_POINT, MESH_TO_IBUG68 } from "@emotionnet/core";
import { SIDED_ACTIONS, WHOLE_ACTIONS } from "../actions.ts";
import { type Modes, principalModes } from "./principal-modes.ts";
import { alignOnto, alignToMean } from "./procrustes.ts";
import {
  centred,
  combine,
  mean,
  mirror,
  outerEyeDistance,
  pitchBetween,
  pitched,
  type Shape,
  scaled,
  symmetrise,
} from "./shape.ts";
import { type Template, templatePoints } from "./template-points.ts";

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
  readonly samples: readonly {
    readonly id: string;
    readonly subject: string;
    readonly label: string;
    readonly mesh478: number[][];
  }[];
}

interface TemplateFile {
  readonly source: string;
  readonly licence: string;
  readonly citation: string;
  /** By the `id` of a sample of `LondonFile`. */
  readonly points: Readonly<Record<string, Template>>;
}

/** Fits everything `face-generator.json` holds, from the bytes of the three input files. */
export function fitParameters(ictText: Uint8Array, londonText: Uint8Array, templateText: Uint8Array) {
  const ict = JSON.parse(new TextDecoder().decode(ictText)) as IctFile;
  const london = JSON.parse(new TextDecoder().decode(londonText)) as LondonFile;
  const templates = JSON.parse(new TextDecoder().decode(templateText)) as TemplateFile;

  const unit = outerEyeDistance(ict.neutral.flat());
  const neutrals = neutralMeshes(london);
  const scan = centred(symmetrise(scaled(ict.neutral.flat(), 1 / unit)));
  const portrait = symmetrise(
    mean(neutrals.map((shape) => centred(scaled(shape, 1 / outerEyeDistance(shape))))),
  );
  const pitch = pitchBetween(scan, portrait);
  /** Model units of the scan → outer-eye distances, head held as in the portraits. */
  const upright = (shape: number[][]) => pitched(scaled(shape.flat(), 1 / unit), pitch);
  const ictBase = pitched(scan, pitch);
  const mesh = fitMesh(neutrals, ictBase);
  return {
    title: "Parameters of the synthetic face generator",
    units:
      "distance between the outer eye corners of the base; x to the face's own left, y up, z out of the face",
    layout:
      "a shape is 68 points (iBUG order) x, y, z; identity = base + sum of a_i * deviations_i * directions_i with a_i ~ N(0, 1); sided actions hold the left half, the right half is its mirror image",
    provenance: {
      program: "packages/train/dist/generator/fit/fit-generator.js",
      meshMap: sha256(new TextEncoder().encode(JSON.stringify(MESH_TO_IBUG68))),
      meshDepthScale: Number(mesh.depthScale.toPrecision(SIGNIFICANT_DIGITS)),
      scanPitchDegrees: Number(((pitch * 180) / Math.PI).toPrecision(SIGNIFICANT_DIGITS)),
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
        {
          file: "london-templates.json",
          sha256: sha256(templateText),
          source: templates.source,
          licence: templates.licence,
          citation: [templates.citation],
          use: "mean difference between points placed by hand and by the mesh on 102 neutral faces",
        },
      ],
    },
    bases: {
      ict: rounded(ictBase),
      mesh: rounded(mesh.base),
      template: rounded(combine(mesh.base, 1, handPlacement(london, templates), 1)),
    },
    identities: {
      ict: roundedModes(fitIctIdentity(ict.identity.map(upright), ictBase)),
      mesh: roundedModes(mesh.identity),
    },
    actions: fitActions((name) => upright(ict.expression[name]!)),
  };
}

/**
 * Portraits are taken from about 1.4 m (16 outer-eye distances; assumed, the set does not say): their perspective, which
 * shrinks what lies further back, is taken out of the base, because the generator's cameras put their own in.
 */
const PORTRAIT_DISTANCE = 16;

function neutralMeshes(london: LondonFile): Shape[] {
  return london.samples
    .filter((sample) => sample.label === "neutral")
    .map((sample) =>
      MESH_TO_IBUG68.flatMap((vertex) => {
        const [x, y, z] = sample.mesh478[vertex] as [number, number, number];
        return [x, -y, -z];
      }),
    );
}

/** The mesh's depth has no metric scale: it is stretched to the depth of the ICT base (least squares, inner points). */
function fitMesh(neutrals: readonly Shape[], ictBase: Shape) {
  const flat = alignToMean(neutrals);
  const upright = alignOnto(flat.mean, ictBase);
  let dot = 0;
  let squares = 0;
  for (let index = 3 * FIRST_INNER_POINT + 2; index < upright.length; index += 3) {
    dot += upright[index]! * ictBase[index]!;
    squares += upright[index]! ** 2;
  }
  const depthScale = dot / squares;
  const { mean: base, shapes } = alignToMean(
    flat.shapes.map((shape) =>
      alignOnto(shape, upright).map((value, index) => (index % 3 === 2 ? value * depthScale : value)),
    ),
  );
  const meshBase = centred(withoutPerspective(symmetrise(alignOnto(base, ictBase))));
  const differences = shapes.map((shape) => combine(alignOnto(centred(shape), meshBase), 1, meshBase, -1));
  return {
    base: meshBase,
    depthScale,
    identity: principalModes(differences, differences.length - 1, IDENTITY_SHARE),
  };
}

/** Mean difference of hand-placed points from the mesh's on the same photographs, in the picture plane. */
function handPlacement(london: LondonFile, templates: TemplateFile): Shape {
  const differences = london.samples
    .filter(({ id }) => id in templates.points)
    .map(({ id, mesh478 }) => {
      const marked = templatePoints(templates.points[id]!);
      const placed = MESH_TO_IBUG68.map((vertex) => mesh478[vertex]!);
      const unit = outerEyeDistance(placed.flat());
      return placed.flatMap(([x, y], point) => {
        const by = marked[point];
        return by ? [(by[0] - x!) / unit, (y! - by[1]) / unit, 0] : [0, 0, 0];
      });
    });
  return symmetrise(mean(differences));
}

function withoutPerspective(shape: Shape): Shape {
  const flat = shape.map((value, index) => {
    const depth = shape[index - (index % 3) + 2]!;
    return index % 3 === 2 ? value : (value * (PORTRAIT_DISTANCE - depth)) / PORTRAIT_DISTANCE;
  });
  return scaled(flat, 1 / outerEyeDistance(flat));
}

/** Persons' shapes after alignment: the modes' share in size, place and turn says nothing about a face. */
function fitIctIdentity(modes: readonly Shape[], base: Shape): Modes {
  const differences = modes.map((mode) => {
    const person = centred(combine(base, 1, mode, 1));
    return combine(alignOnto(person, base), 1, base, -1);
  });
  return principalModes(differences, 1, IDENTITY_SHARE);
}

function fitActions(shape: (name: string) => Shape): Record<string, number[]> {
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
