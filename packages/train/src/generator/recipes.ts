/**
 * What each class does with a face, as tables of facial actions.
 *
 * A recipe is a list of variants, picked by share. A row is an action, the range of its weight (1 is the full shape of
 * the face model, drawn evenly) and, where it does not always take part, its probability. `strength` multiplies all
 * rows of a variant, so that weak and strong performances keep their proportions. `lips` says how far the gap between
 * the lips is closed at the end: "closed" also when a raised upper lip would open them.
 */

import type { Expression } from "@emotionnet/core";
import type { Action } from "./actions.ts";

export type ActionRow =
  | readonly [action: Action, low: number, high: number]
  | readonly [action: Action, low: number, high: number, probability: number];

export interface Variant {
  readonly name: string;
  readonly share: number;
  readonly strength: readonly [low: number, high: number];
  readonly lips: "closed" | "free";
  readonly actions: readonly ActionRow[];
}

/** A face at rest, and everything that is no expression although something moves. */
const neutral: readonly Variant[] = [
  {
    name: "at rest, lips closed",
    share: 0.46,
    strength: [0.5, 1],
    lips: "closed",
    actions: [
      ["mouthPress", 0, 0.4, 0.5],
      ["mouthFrown", 0, 0.3, 0.4],
      ["mouthSmile", 0, 0.12, 0.3],
    ],
  },
  {
    name: "at rest, lips a little apart",
    share: 0.12,
    strength: [0.5, 1],
    lips: "free",
    actions: [
      ["jawOpen", 0, 0.18],
      ["mouthFunnel", 0, 0.15, 0.3],
    ],
  },
  {
    // A low-resting or slightly frowning brow over ordinary eyes must not read as squint or disgust.
    name: "low brows",
    share: 0.1,
    strength: [0.6, 1],
    lips: "closed",
    actions: [
      ["browDown", 0.2, 0.7],
      ["mouthPress", 0, 0.4, 0.5],
      ["mouthFrown", 0, 0.4, 0.5],
    ],
  },
  {
    // Attention: brows up a little, mouth at rest.
    name: "mildly raised brows",
    share: 0.1,
    strength: [0.5, 1],
    lips: "closed",
    actions: [
      ["browInnerUp", 0.1, 0.5],
      ["browOuterUp", 0.1, 0.5],
      ["eyeWide", 0, 0.35],
    ],
  },
  {
    // Blinks and looking down: the upper lid falls, the lower lid and cheek stay.
    name: "half-closed eyes",
    share: 0.09,
    strength: [1, 1],
    lips: "closed",
    actions: [
      ["eyeBlink", 0.15, 1],
      ["browInnerUp", 0, 0.2, 0.3],
      ["mouthPress", 0, 0.3, 0.3],
    ],
  },
  {
    name: "speaking",
    share: 0.13,
    strength: [0.4, 1],
    lips: "free",
    actions: [
      ["jawOpen", 0.03, 0.35],
      ["mouthFunnel", 0, 0.6, 0.35],
      ["mouthPucker", 0, 0.7, 0.35],
      ["mouthStretch", 0, 0.35, 0.35],
      ["mouthLowerDown", 0, 0.45, 0.5],
      ["mouthUpperUp", 0, 0.2, 0.3],
      ["browInnerUp", 0, 0.3, 0.3],
      ["browOuterUp", 0, 0.3, 0.3],
      ["browDown", 0, 0.3, 0.2],
      ["eyeBlink", 0, 0.2, 0.4],
    ],
  },
];

/**
 * Lip corners out and up (AU12), usually with raised cheeks (AU6). Ranges follow a decomposition of the London Set's
 * smiles into these actions: mouthSmile 0.08, 0.22, 0.38, 0.64, 0.84 (5, 25, 50, 75, 95 %), lips thinner by
 * mouthRollUpper 0 to 0.5, jawOpen 0 to 0.33, noseSneer 0 to 0.35; stronger ones are laughs, which nobody was asked for.
 */
const happy: readonly Variant[] = [
  {
    name: "faint smile",
    share: 0.28,
    strength: [0.7, 1],
    lips: "closed",
    actions: [
      ["mouthSmile", 0.18, 0.52],
      ["mouthDimple", 0, 0.3, 0.3],
      ["mouthRollUpper", 0, 0.35],
      ["mouthRollLower", 0, 0.25],
      ["cheekRaiser", 0, 0.3, 0.4],
    ],
  },
  {
    name: "closed smile",
    share: 0.22,
    strength: [0.7, 1.1],
    lips: "closed",
    actions: [
      ["mouthSmile", 0.4, 0.95],
      ["mouthDimple", 0, 0.5, 0.3],
      ["mouthPress", 0, 0.4, 0.3],
      ["mouthRollUpper", 0, 0.4],
      ["mouthRollLower", 0, 0.4, 0.6],
      ["cheekRaiser", 0, 0.6, 0.7],
      ["eyeSquint", 0, 0.4, 0.5],
    ],
  },
  {
    name: "open smile",
    share: 0.34,
    strength: [0.7, 1.15],
    lips: "free",
    actions: [
      ["mouthSmile", 0.45, 1.1],
      ["mouthLowerDown", 0, 0.8],
      ["mouthUpperUp", 0, 0.5],
      ["mouthRollUpper", 0, 0.5],
      ["mouthRollLower", 0, 0.4, 0.6],
      ["noseSneer", 0, 0.3, 0.5],
      ["jawOpen", 0, 0.35, 0.7],
      ["cheekRaiser", 0, 0.9],
      ["eyeSquint", 0, 0.5, 0.5],
      ["browInnerUp", 0, 0.2, 0.2],
      ["browOuterUp", 0, 0.3, 0.2],
    ],
  },
  {
    // The mouth of a scream with the corners of a smile.
    name: "laugh",
    share: 0.16,
    strength: [0.75, 1.1],
    lips: "free",
    actions: [
      ["mouthSmile", 0.6, 1.25],
      ["jawOpen", 0.2, 0.95],
      ["mouthLowerDown", 0, 0.6],
      ["mouthUpperUp", 0, 0.6],
      ["mouthRollUpper", 0, 0.5, 0.7],
      ["cheekRaiser", 0.2, 1],
      ["eyeSquint", 0.1, 0.8],
      ["eyeBlink", 0, 0.5, 0.35],
      ["noseSneer", 0, 0.3, 0.3],
      ["browInnerUp", 0, 0.4, 0.3],
      ["browOuterUp", 0, 0.4, 0.3],
    ],
  },
];

/** Brows up (AU1, AU2), upper lids up (AU5), jaw dropped (AU26) with a rounded mouth. */
const surprise: readonly Variant[] = [
  {
    name: "full",
    share: 0.56,
    strength: [0.65, 1.15],
    lips: "free",
    actions: [
      ["browInnerUp", 0.4, 1.1],
      ["browOuterUp", 0.4, 1.1],
      ["eyeWide", 0.25, 1],
      ["jawOpen", 0.3, 1],
      ["mouthFunnel", 0, 0.6, 0.6],
      ["mouthPucker", 0, 0.4, 0.3],
    ],
  },
  {
    name: "small round mouth",
    share: 0.18,
    strength: [0.7, 1.1],
    lips: "free",
    actions: [
      ["browInnerUp", 0.35, 0.9],
      ["browOuterUp", 0.35, 0.9],
      ["eyeWide", 0.1, 0.8],
      ["jawOpen", 0.06, 0.35],
      ["mouthFunnel", 0.1, 0.8],
      ["mouthPucker", 0, 0.5, 0.5],
    ],
  },
  {
    // Some people show surprise with the mouth and hardly move the brows; the eyes stay open.
    name: "mostly the mouth",
    share: 0.14,
    strength: [0.8, 1.1],
    lips: "free",
    actions: [
      ["browInnerUp", 0.05, 0.4],
      ["browOuterUp", 0.05, 0.4],
      ["eyeWide", 0.1, 0.7],
      ["jawOpen", 0.35, 0.95],
      ["mouthFunnel", 0.1, 0.7],
      ["mouthPucker", 0, 0.4, 0.4],
    ],
  },
  {
    name: "pleased",
    share: 0.08,
    strength: [0.8, 1.1],
    lips: "free",
    actions: [
      ["browInnerUp", 0.4, 1],
      ["browOuterUp", 0.4, 1],
      ["eyeWide", 0.2, 0.9],
      ["jawOpen", 0.3, 0.8],
      ["mouthSmile", 0.1, 0.4],
    ],
  },
  {
    name: "mostly the brows",
    share: 0.04,
    strength: [0.9, 1.15],
    lips: "free",
    actions: [
      ["browInnerUp", 0.7, 1.1],
      ["browOuterUp", 0.7, 1.1],
      ["eyeWide", 0.4, 1],
      ["jawOpen", 0, 0.15],
    ],
  },
];

/** Eyes narrowed from below and above (AU6, AU7), brows lowered (AU4), as when looking into bright light. */
const squint: readonly Variant[] = [
  {
    name: "full",
    share: 0.5,
    strength: [0.7, 1.1],
    lips: "closed",
    actions: [
      ["eyeSquint", 0.6, 1.2],
      ["eyeBlink", 0.1, 0.5],
      ["cheekRaiser", 0.3, 1],
      ["browDown", 0.2, 0.9],
      ["mouthPress", 0, 0.4, 0.3],
      ["mouthFrown", 0, 0.4, 0.3],
      ["mouthSmile", 0, 0.2, 0.25],
    ],
  },
  {
    name: "eyes only",
    share: 0.25,
    strength: [0.8, 1.1],
    lips: "closed",
    actions: [
      ["eyeSquint", 0.6, 1.2],
      ["eyeBlink", 0.15, 0.5],
      ["cheekRaiser", 0.1, 0.5],
      ["browDown", 0, 0.35],
      ["mouthPress", 0, 0.3, 0.3],
    ],
  },
  {
    // Bright sun draws the lips apart and the corners out, without the raised nose of disgust.
    name: "with a grimace",
    share: 0.25,
    strength: [0.7, 1.1],
    lips: "free",
    actions: [
      ["eyeSquint", 0.6, 1.2],
      ["eyeBlink", 0.1, 0.55],
      ["cheekRaiser", 0.4, 1.1],
      ["browDown", 0.2, 0.9],
      ["mouthSmile", 0, 0.35, 0.6],
      ["mouthStretch", 0, 0.3, 0.4],
      ["mouthUpperUp", 0.05, 0.35],
      ["mouthLowerDown", 0, 0.3, 0.4],
      ["noseSneer", 0, 0.25, 0.4],
    ],
  },
];

/** Nose wrinkled (AU9), upper lip raised (AU10), brows lowered (AU4), eyes narrowed. */
const disgust: readonly Variant[] = [
  {
    name: "mouth closed",
    share: 0.4,
    strength: [0.65, 1.1],
    lips: "closed",
    actions: [
      ["noseSneer", 0.5, 1.2],
      ["mouthUpperUp", 0.2, 0.9],
      ["browDown", 0.2, 1],
      ["cheekRaiser", 0.2, 0.9],
      ["eyeSquint", 0.2, 1],
      ["eyeBlink", 0, 0.4, 0.6],
      ["mouthFrown", 0, 0.8, 0.6],
      ["mouthShrugLower", 0, 0.7, 0.5],
      ["mouthPress", 0, 0.4, 0.3],
    ],
  },
  {
    name: "teeth shown",
    share: 0.28,
    strength: [0.65, 1.1],
    lips: "free",
    actions: [
      ["noseSneer", 0.4, 1.1],
      ["mouthUpperUp", 0.3, 1],
      ["browDown", 0.2, 1],
      ["cheekRaiser", 0.2, 0.9],
      ["eyeSquint", 0.2, 1],
      ["eyeBlink", 0, 0.4, 0.6],
      ["mouthFrown", 0, 0.5, 0.4],
      ["mouthStretch", 0, 0.5, 0.4],
      ["mouthLowerDown", 0, 0.4, 0.5],
    ],
  },
  {
    name: "mouth open",
    share: 0.14,
    strength: [0.7, 1.1],
    lips: "free",
    actions: [
      ["noseSneer", 0.4, 1.2],
      ["mouthUpperUp", 0.2, 0.9],
      ["browDown", 0.2, 1],
      ["cheekRaiser", 0.2, 0.9],
      ["eyeSquint", 0.2, 1],
      ["eyeBlink", 0, 0.5, 0.6],
      ["jawOpen", 0.1, 0.45],
      ["mouthLowerDown", 0.1, 0.7],
      ["mouthFrown", 0, 0.7, 0.6],
      ["mouthStretch", 0, 0.5, 0.4],
    ],
  },
  {
    // As if spitting something out: the corners hang, the lower lip falls, often with the tongue out.
    name: "retching",
    share: 0.1,
    strength: [0.7, 1.1],
    lips: "free",
    actions: [
      ["noseSneer", 0.25, 0.9],
      ["mouthUpperUp", 0.1, 0.6],
      ["mouthFrown", 0.3, 1],
      ["mouthLowerDown", 0.2, 0.9],
      ["jawOpen", 0.1, 0.45],
      ["browDown", 0.2, 1],
      ["cheekRaiser", 0.2, 0.8],
      ["eyeSquint", 0.2, 1],
      ["eyeBlink", 0, 0.5, 0.6],
    ],
  },
  {
    name: "faint",
    share: 0.08,
    strength: [0.8, 1.1],
    lips: "closed",
    actions: [
      ["noseSneer", 0.3, 0.7],
      ["mouthUpperUp", 0.15, 0.5],
      ["browDown", 0.1, 0.5],
      ["eyeSquint", 0.1, 0.6],
      ["mouthFrown", 0, 0.4, 0.5],
    ],
  },
];

/** Mouth wide open (AU27) and pulled wide, eyes squeezed or at least not widened, brows lowered or at rest. */
const scream: readonly Variant[] = [
  {
    name: "eyes squeezed",
    share: 0.56,
    strength: [0.8, 1.1],
    lips: "free",
    actions: [
      ["jawOpen", 0.6, 1.3],
      ["mouthStretch", 0, 0.8, 0.6],
      ["mouthLowerDown", 0.1, 0.8],
      ["mouthUpperUp", 0.1, 0.9],
      ["mouthSmile", 0, 0.2, 0.15],
      ["mouthFunnel", 0, 0.4, 0.2],
      ["noseSneer", 0, 0.8, 0.6],
      ["cheekRaiser", 0.3, 1],
      ["eyeSquint", 0.3, 1],
      ["eyeBlink", 0.15, 1],
      ["browDown", 0.1, 1],
    ],
  },
  {
    name: "eyes half open, brows at rest",
    share: 0.26,
    strength: [0.85, 1.1],
    lips: "free",
    actions: [
      ["jawOpen", 0.6, 1.25],
      ["mouthStretch", 0, 0.6, 0.6],
      ["mouthLowerDown", 0.1, 0.7],
      ["mouthUpperUp", 0.1, 0.6],
      ["noseSneer", 0, 0.4, 0.4],
      ["cheekRaiser", 0.1, 0.6],
      ["eyeSquint", 0.1, 0.8],
      ["eyeBlink", 0, 0.45],
      ["browDown", 0, 0.4, 0.6],
      ["browInnerUp", 0, 0.35, 0.3],
    ],
  },
  {
    name: "eyes open, brows at rest",
    share: 0.1,
    strength: [0.9, 1.1],
    lips: "free",
    actions: [
      ["jawOpen", 0.75, 1.3],
      ["mouthStretch", 0.1, 0.6, 0.7],
      ["mouthLowerDown", 0.2, 0.8],
      ["mouthUpperUp", 0.2, 0.8],
      ["eyeSquint", 0, 0.4, 0.6],
      ["browDown", 0, 0.4, 0.5],
    ],
  },
  {
    name: "less open, angry",
    share: 0.08,
    strength: [0.85, 1.1],
    lips: "free",
    actions: [
      ["jawOpen", 0.4, 0.75],
      ["mouthStretch", 0.2, 0.8],
      ["mouthLowerDown", 0.3, 0.9],
      ["mouthUpperUp", 0.2, 0.8],
      ["noseSneer", 0.1, 0.7],
      ["cheekRaiser", 0.2, 0.9],
      ["eyeSquint", 0.3, 1],
      ["eyeBlink", 0.1, 0.8],
      ["browDown", 0.4, 1],
    ],
  },
];

export const RECIPES: Readonly<Record<Expression, readonly Variant[]>> = {
  neutral,
  happy,
  surprise,
  squint,
  disgust,
  scream,
};
