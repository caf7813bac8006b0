import type { Variant } from "./variant.ts";

/**
 * Lip corners out and up (AU12), usually with raised cheeks (AU6). Ranges follow a decomposition of the London Set's
 * smiles into these actions: mouthSmile 0.08, 0.22, 0.38, 0.64, 0.84 (5, 25, 50, 75, 95 %), lips thinner by
 * mouthRollUpper 0 to 0.5, jawOpen 0 to 0.33, noseSneer 0 to 0.35; stronger ones are laughs, which nobody was asked for.
 */
export const happy: readonly Variant[] = [
  {
    name: "faint smile",
    share: { posed: 0.12, free: 0.21 },
    strength: [0.85, 1],
    lips: "closed",
    actions: [
      ["mouthSmile", 0.12, 0.5],
      ["mouthDimple", 0, 0.2, 0.2],
      ["mouthRollUpper", 0, 0.2, 0.5],
      ["mouthRollLower", 0, 0.15, 0.5],
      ["cheekRaiser", 0, 0.3, 0.4],
    ],
  },
  {
    name: "faint smile, lips parted",
    share: { posed: 0.08, free: 0.15 },
    strength: [0.85, 1],
    lips: "free",
    actions: [
      ["mouthSmile", 0.12, 0.5],
      ["jawOpen", 0, 0.12],
      ["mouthLowerDown", 0, 0.35],
      ["mouthUpperUp", 0, 0.2, 0.5],
      ["cheekRaiser", 0, 0.3, 0.4],
    ],
  },
  {
    name: "closed smile",
    share: { posed: 0.2, free: 0.21 },
    strength: [0.75, 1.1],
    lips: "closed",
    actions: [
      ["mouthSmile", 0.42, 1],
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
    share: { posed: 0.42, free: 0.28 },
    strength: [0.75, 1.15],
    lips: "free",
    actions: [
      ["mouthSmile", 0.5, 1.15],
      ["mouthLowerDown", 0, 0.8],
      ["mouthUpperUp", 0, 0.45],
      ["mouthRollUpper", 0, 0.5],
      ["mouthRollLower", 0, 0.4, 0.6],
      ["noseSneer", 0, 0.25, 0.5],
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
    share: { posed: 0.18, free: 0.15 },
    strength: [0.8, 1.1],
    lips: "free",
    actions: [
      ["mouthSmile", 0.7, 1.35],
      ["jawOpen", 0.2, 1.1],
      ["mouthLowerDown", 0, 0.6],
      ["mouthUpperUp", 0, 0.6],
      ["mouthRollUpper", 0, 0.5, 0.7],
      ["cheekRaiser", 0.2, 1],
      ["eyeSquint", 0.1, 0.8],
      ["eyeBlink", 0, 0.6, 0.4],
      ["noseSneer", 0, 0.3, 0.3],
      ["browInnerUp", 0, 0.4, 0.3],
      ["browOuterUp", 0, 0.4, 0.3],
    ],
  },
];
