/** How much work is spent on a face. */

/**
 * `passes`: runs of the mesh network on a face, the first around the detection (2.0 × its box), the others each around the mesh
 * of the one before (1.5 × its box). `mirrored`: the last crop is read a second time in the mirror and both are averaged.
 */
export const PRESETS = {
  fast: { passes: 2, mirrored: false },
  balanced: { passes: 3, mirrored: false },
  accurate: { passes: 3, mirrored: true },
} as const;

export type Preset = keyof typeof PRESETS;
