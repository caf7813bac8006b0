/** Memory for pixels, used again: a new array of a large picture takes longer to come than its pixels to be copied. */

/** Enough for two pictures at a time, each with its pixels, a part of them and a half. */
const MOST_SPARES = 6;

let spares: Uint8Array<ArrayBuffer>[] = [];

/** So many bytes with any content. */
export function takePixels(length: number): Uint8Array<ArrayBuffer> {
  // The smallest that is large enough, so that a small part does not take the memory of a whole picture.
  const spare = spares.findLast((one) => one.length >= length);
  if (!spare) return new Uint8Array(length);
  spares = spares.filter((one) => one !== spare);
  return spare.subarray(0, length);
}

/** Takes back what `takePixels` gave; nobody may look at it any more. The largest are kept. */
export function returnPixels(pixels: Uint8Array<ArrayBuffer>): void {
  const whole = new Uint8Array(pixels.buffer);
  spares = [...spares, whole].sort((one, other) => other.length - one.length).slice(0, MOST_SPARES);
}
