import type { Variant } from "./variant.ts";

/** A face at rest, and everything that is no expression although something moves. */
export const neutral: readonly Variant[] = [
  {
    name: "at rest, lips closed",
    share: { posed: 0.82, free: 0.5 },
    strength: [0.5, 1],
    lips: "closed",
    actions: [
      ["mouthPress", 0, 0.4, 0.5],
      ["mouthFrown", 0, 0.3, 0.4],
      ["mouthSmile", 0, 0.05, 0.25],
    ],
  },
  {
    name: "at rest, lips a little apart",
    share: { posed: 0.12, free: 0.13 },
    strength: [0.5, 1],
    lips: "free",
    actions: [
      ["jawOpen", 0, 0.16],
      ["mouthFunnel", 0, 0.15, 0.3],
    ],
  },
  {
    // A low-resting or slightly frowning brow over ordinary eyes must not read as squint or disgust.
    name: "low brows",
    share: { posed: 0.03, free: 0.09 },
    strength: [0.6, 1],
    lips: "closed",
    actions: [
      ["browDown", 0.1, 0.55],
      ["mouthPress", 0, 0.4, 0.5],
      ["mouthFrown", 0, 0.4, 0.5],
    ],
  },
  {
    // Attention: brows up a little, mouth at rest.
    name: "mildly raised brows",
    share: { posed: 0.03, free: 0.08 },
    strength: [0.5, 1],
    lips: "closed",
    actions: [
      ["browInnerUp", 0.1, 0.45],
      ["browOuterUp", 0.1, 0.45],
      ["eyeWide", 0, 0.3],
    ],
  },
  {
    // Looking down or tired: the upper lid falls, the lower lid, cheek and brow stay.
    name: "half-closed eyes",
    share: { posed: 0, free: 0.06 },
    strength: [1, 1],
    lips: "closed",
    actions: [
      ["eyeBlink", 0.15, 0.5],
      ["browInnerUp", 0, 0.2, 0.3],
      ["mouthPress", 0, 0.3, 0.3],
    ],
  },
  {
    name: "blink",
    share: { posed: 0, free: 0.03 },
    strength: [1, 1],
    lips: "closed",
    actions: [
      ["eyeBlink", 0.75, 1],
      ["mouthPress", 0, 0.3, 0.3],
    ],
  },
  {
    name: "speaking",
    share: { posed: 0, free: 0.11 },
    strength: [0.4, 1],
    lips: "free",
    actions: [
      ["jawOpen", 0.03, 0.3],
      ["mouthFunnel", 0, 0.5, 0.35],
      ["mouthPucker", 0, 0.6, 0.35],
      ["mouthStretch", 0, 0.3, 0.35],
      ["mouthLowerDown", 0, 0.4, 0.5],
      ["mouthUpperUp", 0, 0.2, 0.3],
      ["browInnerUp", 0, 0.2, 0.3],
      ["browOuterUp", 0, 0.2, 0.3],
      ["browDown", 0, 0.25, 0.2],
      ["eyeBlink", 0, 0.2, 0.4],
    ],
  },
];
