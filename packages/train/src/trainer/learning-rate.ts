/** The original's soft-start annealing schedule. Source: nvidia_tao_tf1/core/hooks/utils.py of NVIDIA's open TAO back-end. */

export interface LearningRateSchedule {
  /** Share of the run that warms up, 0..1. */
  readonly softStart: number;
  /** Share of the run after which the rate falls, 0..1; 1 for never. */
  readonly annealing: number;
  readonly base: number;
  readonly minimum: number;
}

/**
 * With p = step / lastStep: t = p/softStart while p < softStart, (1 − p)/(1 − annealing) once p > annealing, else 1;
 * rate = exp(ln minimum + t·(ln base − ln minimum)). It starts and ends at the minimum, exponential both ways.
 * @param step steps taken so far, 0..lastStep
 */
export function learningRateAt(step: number, lastStep: number, schedule: LearningRateSchedule): number {
  const { softStart, annealing, base, minimum } = schedule;
  const progress = step / lastStep;
  let share = progress < softStart ? progress / softStart : 1;
  if (progress > annealing) share = (1 - progress) / (1 - annealing);
  return Math.exp(Math.log(minimum) + share * (Math.log(base) - Math.log(minimum)));
}
