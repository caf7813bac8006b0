/** Temperature scaling. Source: Guo, Pleiss, Sun, Weinberger, On Calibration of Modern Neural Networks (2017), section 4.2. */

/** Below the smallest float32, so that a probability that was rounded to 0 stays finite. */
const LEAST_PROBABILITY = 1e-38;
const [LOWEST, HIGHEST] = [0.05, 20];
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Mean −log of the probability given to the true class. @param probabilities (count × classes) */
export function logLoss(probabilities: Float32Array, labels: ArrayLike<number>): number {
  return scaledLogLoss(probabilities, labels, 1);
}

/**
 * The temperature by which logits are divided for the least log loss, found by golden-section search over its logarithm
 * (the loss is convex in 1/temperature).
 * @param probabilities (count × classes) at temperature 1
 */
export function fitTemperature(probabilities: Float32Array, labels: ArrayLike<number>): number {
  let [low, high] = [Math.log(LOWEST), Math.log(HIGHEST)];
  const lossAt = (logarithm: number) => scaledLogLoss(probabilities, labels, Math.exp(logarithm));
  let [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
  let [leftLoss, rightLoss] = [lossAt(left), lossAt(right)];
  while (high - low > 1e-4) {
    if (leftLoss < rightLoss) {
      [high, right, rightLoss] = [right, left, leftLoss];
      left = high - GOLDEN * (high - low);
      leftLoss = lossAt(left);
    } else {
      [low, left, leftLoss] = [left, right, rightLoss];
      right = low + GOLDEN * (high - low);
      rightLoss = lossAt(right);
    }
  }
  return Math.exp((low + high) / 2);
}

/** Log probabilities stand for logits: they differ by a constant a sample, which softmax drops. */
function scaledLogLoss(probabilities: Float32Array, labels: ArrayLike<number>, temperature: number): number {
  const classCount = probabilities.length / labels.length;
  let total = 0;
  for (let sample = 0; sample < labels.length; sample++) {
    let sum = 0;
    let own = 0;
    for (let column = 0; column < classCount; column++) {
      const probability = Math.max(probabilities[sample * classCount + column]!, LEAST_PROBABILITY);
      const logit = Math.log(probability) / temperature;
      sum += Math.exp(logit);
      if (column === labels[sample]) own = logit;
    }
    total += Math.log(sum) - own;
  }
  return total / labels.length;
}
