/** The fitted numbers of the generator, read once from `data/face-generator.json` of this package. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { EmotionNetError, FLIP, LANDMARK_COUNT } from "@emotionnet/core";
import { type Action, SIDED_ACTIONS, type SidedAction, WHOLE_ACTIONS } from "./actions.ts";

/** Numbers of one shape in space: x to the face's own left, y up, z out of the face, of 68 points. */
export const SHAPE_VALUES = LANDMARK_COUNT * 3;

/** Unit of all lengths here: the distance between the outer eye corners. */
export const CENTIMETRES_PER_UNIT = 8.9;

export interface IdentityModes {
  readonly deviations: readonly number[];
  readonly directions: readonly Float64Array[];
}

/** A facial action as displacements of 68 points; the right half of a sided one mirrors its left half. */
export interface ActionShape {
  readonly left: Float64Array;
  readonly right: Float64Array;
}

export type BaseName = "ict" | "mesh" | "template";

export interface FaceParameters {
  /** Mean neutral faces: `ict` a scan's vertices, `mesh` as the face mesh places points, `template` as people do. */
  readonly bases: Readonly<Record<BaseName, Float64Array>>;
  readonly identities: { readonly ict: IdentityModes; readonly mesh: IdentityModes };
  /** `right` of a whole-face action is all zeros. */
  readonly actions: Readonly<Record<Action, ActionShape>>;
  /** First 16 hexadecimal digits of the SHA-256 of the file. */
  readonly hash: string;
}

interface StoredModes {
  readonly deviations: number[];
  readonly directions: number[][];
}

interface StoredParameters {
  readonly bases: Record<BaseName, number[]>;
  readonly identities: Record<"ict" | "mesh", StoredModes>;
  readonly actions: Record<Action, number[]>;
}

let loaded: FaceParameters | undefined;

/** @throws EmotionNetError `file-not-found` when the package's data file is missing or damaged. */
export function faceParameters(): FaceParameters {
  loaded ??= readParameters(new URL("../../data/face-generator.json", import.meta.url));
  return loaded;
}

function readParameters(file: URL): FaceParameters {
  try {
    const text = readFileSync(file);
    const stored = JSON.parse(text.toString()) as StoredParameters;
    const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
    return {
      bases: {
        ict: shape(stored.bases.ict),
        mesh: shape(stored.bases.mesh),
        template: shape(stored.bases.template),
      },
      identities: { ict: modes(stored.identities.ict), mesh: modes(stored.identities.mesh) },
      actions: actions(stored.actions),
      hash,
    };
  } catch (cause) {
    throw new EmotionNetError(
      "file-not-found",
      {
        got: `no readable face parameters at ${file.pathname}`,
        wanted: "data/face-generator.json of @emotionnet/train",
        mend: "Install the package again, or write the file with generator/fit/fit-generator.js.",
      },
      { cause },
    );
  }
}

function shape(values: readonly number[]): Float64Array {
  if (values.length !== SHAPE_VALUES) throw new RangeError(`${values.length} numbers in a shape`);
  return Float64Array.from(values);
}

function modes(stored: StoredModes): IdentityModes {
  return { deviations: stored.deviations, directions: stored.directions.map(shape) };
}

function actions(stored: StoredParameters["actions"]): Record<Action, ActionShape> {
  const entries = [...SIDED_ACTIONS, ...WHOLE_ACTIONS].map((action): [Action, ActionShape] => {
    const left = shape(stored[action]);
    return [action, { left, right: isSided(action) ? mirrored(left) : new Float64Array(SHAPE_VALUES) }];
  });
  return Object.fromEntries(entries) as Record<Action, ActionShape>;
}

function mirrored(source: Float64Array): Float64Array {
  return Float64Array.from(FLIP.flatMap((p) => [-source[3 * p]!, source[3 * p + 1]!, source[3 * p + 2]!]));
}

const sidedActions: ReadonlySet<Action> = new Set<Action>(SIDED_ACTIONS);

/** Whether the action has two halves. */
export function isSided(action: Action): action is SidedAction {
  return sidedActions.has(action);
}
