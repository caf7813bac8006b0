/** The speed that the original model's card states, as context for figures measured here. */

export interface CardDevice {
  readonly device: string;
  /** Frames a second in FP16 at batch 1, by trtexec at the device's highest power setting. */
  readonly framesPerSecond: number;
}

/** From the card of NVIDIA's EmotionNet, section "Performance"; its network has 1.13 M parameters like our reference profile. */
export const CARD_DEVICES: readonly CardDevice[] = [
  { device: "Jetson Nano", framesPerSecond: 1190 },
  { device: "Jetson Xavier NX", framesPerSecond: 4016 },
  { device: "Jetson AGX Xavier", framesPerSecond: 5988 },
  { device: "T4", framesPerSecond: 19644 },
];
