/** Memory for pixels, used again: a new array of a large picture takes longer to come than its pixels to be copied. */

/** As many as pictures are read at a time by one thread, usually. */
const MOST_SPARES = 2;

let spares: Uint8Array<ArrayBuffer>[] = [];

/** So many bytes with any content. */
export function takePixels(length: number): Uint8Array<ArrayBuffer> {
  const spare = spares.find((one) => one.length >= length);
  if (!spare) return new Uint8Array(length);
  spares = spares.filter((one) => one !== spare);
  return spare.subarray(0, length);
}

/** Takes back what `takePixels` gave; nobody may look at it any more. The largest are kept. */
export function returnPixels(pixels: Uint8Array<ArrayBuffer>): void {
  const whole = new Uint8Array(pixels.buffer);
  spares = [...spares, whole].sort((one, other) => other.length - one.length).slice(0, MOST_SPARES);
}
