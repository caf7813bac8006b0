/** What the name of a label file says: `<person>_…_<expression>.json`. */

import { basename } from "node:path";

export interface LabelName {
  /** The name without expression and ending, for example `S052_004_00000031`. */
  readonly frame: string;
  /** First `_` token: whose face it is. */
  readonly person: string;
  /** Last `_` token in lower case. */
  readonly expression: string;
}

/** Parts of a label file's name, or nothing when it has fewer than two `_` tokens or an empty one at an end. */
export function parseLabelName(path: string): LabelName | undefined {
  const stem = basename(path).replace(/\.json$/i, "");
  const cut = stem.lastIndexOf("_");
  const frame = stem.slice(0, Math.max(cut, 0));
  const person = frame.split("_", 1)[0]!;
  const expression = stem.slice(cut + 1).toLowerCase();
  if (person === "" || expression === "") return undefined;
  return { frame, person, expression };
}

/**
 * Text made fit to be one token of a label name: letters, digits, `.` and `-` stay, everything else becomes `-`.
 * Different texts may become the same token; who must tell them apart compares the texts.
 */
export function nameToken(text: string): string {
  return text
    .trim()
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}.-]+/gu, "-");
}
