/** Sizes of the detector (BlazeFace, "back" model). */

/** Side of the square picture that the network takes. */
export const DETECTOR_INPUT_SIZE = 256;

/** Candidates: 2 for each place of a 16 × 16 grid, then 6 for each of an 8 × 8 grid. */
export const DETECTOR_GRIDS = [
  { side: 16, candidates: 2 },
  { side: 8, candidates: 6 },
] as const;

/** Values of a candidate: centre x, centre y, width, height, then x and y of six key-points. */
export const CANDIDATE_VALUES = 16;

/** Number of candidates: 896. */
export const CANDIDATE_COUNT = DETECTOR_GRIDS.reduce(
  (sum, { side, candidates }) => sum + side * side * candidates,
  0,
);
