/** IEEE 754 half precision: numbers ↔ the 16 bits in which tensors of `float16` hold them. */

const bitsOfFloat = new Uint32Array(1);
const floatOfBits = new Float32Array(bitsOfFloat.buffer);

/** Largest finite half-precision number; larger ones become infinity. */
export const LARGEST_FLOAT16 = 65504;

/** Each number rounded to the nearest half-precision number (ties to even), as its bits. */
export function toFloat16(values: ArrayLike<number>): Uint16Array {
  return Uint16Array.from({ length: values.length }, (_, index) => float16Bits(values[index]!));
}

/** The numbers that half-precision bits stand for. */
export function fromFloat16(bits: Uint16Array): Float32Array {
  const numbers = new Float32Array(bits.length);
  const words = new Uint32Array(numbers.buffer);
  for (let index = 0; index < bits.length; index++) {
    const half = bits[index]!;
    const magnitude = half & 0x7fff;
    // Weights are hardly ever anything but normal numbers: these only move, to an exponent that counts from 127 instead of 15.
    if (magnitude >= 0x400 && magnitude < 0x7c00) {
      words[index] = ((half & 0x8000) << 16) | ((magnitude << 13) + 0x38000000);
    } else numbers[index] = numberOfBits(half);
  }
  return numbers;
}

function float16Bits(value: number): number {
  floatOfBits[0] = value;
  const bits = bitsOfFloat[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  // From halfway between the largest half and the next power of two on, rounding reaches infinity.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  // Below the smallest normal half the spacing is fixed: 2^-24.
  if (magnitude < 0x38800000) return sign | roundToEven(Math.abs(floatOfBits[0]!) * 2 ** 24);
  const odd = (magnitude >>> 13) & 1;
  return sign | ((magnitude - 0x38000000 + 0xfff + odd) >>> 13);
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return floor + (rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? 1 : 0);
}

function numberOfBits(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
