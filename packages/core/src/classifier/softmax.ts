/**
 * Writes softmax(logits / temperature) of `count` values; the largest is subtracted first, so nothing overflows.
 * @param temperature above 0; above 1 flattens, below 1 sharpens.
 */
export function softmaxInto(
  target: Float32Array,
  targetOffset: number,
  logits: Float32Array,
  offset: number,
  count: number,
  temperature: number,
): void {
  let largest = logits[offset]!;
  for (let index = 1; index < count; index++) {
    const logit = logits[offset + index]!;
    if (logit > largest) largest = logit;
  }
  let sum = 0;
  for (let index = 0; index < count; index++) {
    const power = Math.exp((logits[offset + index]! - largest) / temperature);
    target[targetOffset + index] = power;
    sum += power;
  }
  const scale = 1 / sum;
  for (let index = 0; index < count; index++) target[targetOffset + index]! *= scale;
}
