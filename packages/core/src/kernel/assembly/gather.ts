/** Copies the values that a first layer reads side by side; `width` is their number padded, and the padding is zero. */
export function gatherInputs(source: usize, gather: usize, count: i32, width: i32, target: usize): void {
  const end = target + (<usize>width << 2);
  const gatherEnd = gather + (<usize>count << 2);
  for (; gather < gatherEnd; gather += 4) {
    store<f32>(target, load<f32>(source + <usize>load<i32>(gather)));
    target += 4;
  }
  for (; target < end; target += 4) store<f32>(target, 0);
}
