/** What both forms of the kernel share: the table of layers and the list of inputs that are not zero. */

/** Bytes of one layer in the table. */
export const LAYER_BYTES: usize = 24;
/** Bytes of one entry in the list: an index as i32, then 32 bits of value. */
export const ENTRY_BYTES: usize = 8;

/**
 * Adds the lanes of `values` whose bit in `mask` is set to the list, counted from `index`, without a branch; returns the new end.
 * Four are tested at once, so that a place in the list waits for one sum and not for four. Up to three entries after the new
 * end are overwritten.
 */
// @ts-ignore: decorator
@inline
export function appendNonZero(list: usize, values: v128, mask: i32, index: i32): usize {
  const second = list + (<usize>(mask & 1) << 3);
  const third = list + (<usize>popcnt(mask & 3) << 3);
  const fourth = list + (<usize>popcnt(mask & 7) << 3);
  store<i32>(list, index << 6);
  store<i32>(list, i32x4.extract_lane(values, 0), 4);
  store<i32>(second, (index + 1) << 6);
  store<i32>(second, i32x4.extract_lane(values, 1), 4);
  store<i32>(third, (index + 2) << 6);
  store<i32>(third, i32x4.extract_lane(values, 2), 4);
  store<i32>(fourth, (index + 3) << 6);
  store<i32>(fourth, i32x4.extract_lane(values, 3), 4);
  return list + (<usize>popcnt(mask) << 3);
}
