import type { Variant } from "./variant.ts";

/** Eyes narrowed from below and above (AU6, AU7), brows lowered (AU4), as when looking into bright light. */
export const squint: readonly Variant[] = [
  {
    name: "full",
    share: { posed: 0.5, free: 0.5 },
    strength: [0.8, 1.1],
    lips: "closed",
    actions: [
      ["eyeSquint", 0.65, 1.25],
      ["eyeBlink", 0.15, 0.5],
      ["cheekRaiser", 0.3, 1],
      ["browDown", 0.2, 1],
      ["mouthPress", 0, 0.4, 0.3],
      ["mouthFrown", 0, 0.4, 0.3],
      ["mouthSmile", 0, 0.2, 0.25],
    ],
  },
  {
    name: "eyes only",
    share: { posed: 0.22, free: 0.25 },
    strength: [0.85, 1.1],
    lips: "closed",
    lopsided: 0.12,
    actions: [
      ["eyeSquint", 0.7, 1.25],
      ["eyeBlink", 0.2, 0.55],
      ["cheekRaiser", 0.1, 0.5],
      ["browDown", 0, 0.4],
      ["mouthPress", 0, 0.3, 0.3],
    ],
  },
  {
    // Bright sun draws the lips apart and the corners out, without the raised nose of disgust.
    name: "with a grimace",
    share: { posed: 0.28, free: 0.25 },
    strength: [0.8, 1.1],
    lips: "free",
    actions: [
      ["eyeSquint", 0.65, 1.2],
      ["eyeBlink", 0.15, 0.55],
      ["cheekRaiser", 0.4, 1.1],
      ["browDown", 0.2, 0.9],
      ["mouthSmile", 0, 0.35, 0.6],
      ["mouthStretch", 0, 0.3, 0.4],
      ["mouthUpperUp", 0.05, 0.35],
      ["mouthLowerDown", 0, 0.3, 0.4],
      ["noseSneer", 0, 0.2, 0.4],
    ],
  },
];
