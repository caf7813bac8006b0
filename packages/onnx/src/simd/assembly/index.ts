/**
 * Convolutions, pooling and samples on WebAssembly SIMD. Owns no memory: ../plan lays everything out and passes addresses in bytes.
 * Maps lie pixel by pixel, a pixel's channels side by side; all channels are multiples of 4 unless said otherwise.
 */

export { convolve } from "./convolve";
export { maxPool } from "./pool";
export { blend, enter } from "./rows";
