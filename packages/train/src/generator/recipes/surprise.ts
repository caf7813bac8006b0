import type { Variant } from "./variant.ts";

/** Brows up (AU1, AU2), upper lids up (AU5), jaw dropped (AU26) with a rounded mouth. */
export const surprise: readonly Variant[] = [
  {
    name: "full",
    share: { posed: 0.66, free: 0.54 },
    strength: [0.75, 1.15],
    lips: "free",
    actions: [
      ["browInnerUp", 0.45, 1.15],
      ["browOuterUp", 0.45, 1.15],
      ["eyeWide", 0.25, 1],
      ["jawOpen", 0.3, 1.1],
      ["mouthFunnel", 0, 0.6, 0.6],
      ["mouthPucker", 0, 0.4, 0.3],
      ["mouthStretch", 0, 0.3, 0.15],
    ],
  },
  {
    name: "small round mouth",
    share: { posed: 0.14, free: 0.18 },
    strength: [0.8, 1.1],
    lips: "free",
    actions: [
      ["browInnerUp", 0.45, 1],
      ["browOuterUp", 0.45, 1],
      ["eyeWide", 0.2, 0.9],
      ["jawOpen", 0.1, 0.4],
      ["mouthFunnel", 0.1, 0.8],
      ["mouthPucker", 0, 0.5, 0.5],
    ],
  },
  {
    // Some people show surprise with the mouth and hardly move the brows; the eyes stay open.
    name: "mostly the mouth",
    share: { posed: 0.08, free: 0.12 },
    strength: [0.85, 1.1],
    lips: "free",
    actions: [
      ["browInnerUp", 0.15, 0.45],
      ["browOuterUp", 0.15, 0.45],
      ["eyeWide", 0.2, 0.8],
      ["jawOpen", 0.4, 1],
      ["mouthFunnel", 0.1, 0.7],
      ["mouthPucker", 0, 0.4, 0.4],
    ],
  },
  {
    name: "pleased",
    share: { posed: 0.08, free: 0.1 },
    strength: [0.8, 1.1],
    lips: "free",
    actions: [
      ["browInnerUp", 0.45, 1.05],
      ["browOuterUp", 0.45, 1.05],
      ["eyeWide", 0.25, 0.95],
      ["jawOpen", 0.35, 0.9],
      ["mouthSmile", 0.1, 0.45],
    ],
  },
  {
    name: "mostly the brows",
    share: { posed: 0.04, free: 0.06 },
    strength: [0.9, 1.15],
    lips: "free",
    actions: [
      ["browInnerUp", 0.75, 1.2],
      ["browOuterUp", 0.75, 1.2],
      ["eyeWide", 0.5, 1.1],
      ["jawOpen", 0, 0.18],
    ],
  },
];
