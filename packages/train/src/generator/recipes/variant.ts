/**
 * What each class does with a face, as tables of facial actions.
 *
 * A recipe is a list of variants, picked by share: one share for posed pictures (asked to show it, as in a studio), one
 * for free ones. A row is an action, the range of its weight (1 is the full shape of the face model, drawn evenly) and,
 * where it does not always take part, its probability. `strength` multiplies all rows of a variant, so that weak and
 * strong performances keep their proportions; posed ones come from the upper half and a little above. `lips` says how
 * far the gap between the lips is closed at the end: "closed" also when a raised upper lip would open them.
 * `lopsided` is the probability of a clearly one-sided performance.
 */

import type { Action } from "../actions.ts";

export type ActionRow =
  | readonly [action: Action, low: number, high: number]
  | readonly [action: Action, low: number, high: number, probability: number];

/** How people come to show an expression: asked to, before a camera, or in passing. */
export type Style = "posed" | "free";

export interface Variant {
  readonly name: string;
  readonly share: Readonly<Record<Style, number>>;
  readonly strength: readonly [low: number, high: number];
  readonly lips: "closed" | "free";
  readonly lopsided?: number;
  readonly actions: readonly ActionRow[];
}
