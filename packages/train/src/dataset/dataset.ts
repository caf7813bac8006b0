/** Labelled landmarks in memory: what the generator makes, the files hold, and the trainer and evaluator read. */

export interface Dataset {
  /** Class names; labels index into them. */
  readonly classes: readonly string[];
  readonly count: number;
  /** (count × 136) x, y of 68 points in pixels of the frame, y down; not normalised. */
  readonly landmarks: Float32Array;
  /** (count) class ids. */
  readonly labels: Int32Array;
  /** (count × 68) 1 where the point was hidden, so that its place is a guess. */
  readonly occluded: Uint8Array;
  /**
   * (count) frame names in Multi-PIE's form `SSS_ss_rr_ccc_ii`: person, session, recording, camera, image.
   * The person is the first token; a person's samples never stand on both sides of a split.
   */
  readonly names: readonly string[];
}

/** The person a frame name belongs to: its first `_` token. */
export function personOf(name: string): string {
  return name.split("_", 1)[0]!;
}
