/** Which independent stream of draws of a run is used for what; each is seeded by the run's seed, this number, and epoch or step. */
export const STREAM = { weights: 1, masks: 2, noise: 3, shuffle: 4, step: 5 } as const;
