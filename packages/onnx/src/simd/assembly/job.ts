/** Where the numbers of a convolution lie in memory: i32 words, written by ../convolution-job.ts. Addresses and strides are bytes. */

/** What fills the panels. */
export const POINTWISE: i32 = 0;
export const DEPTHWISE_POINTWISE: i32 = 1;
export const GATHERED: i32 = 2;
export const DEPTHWISE: i32 = 3;
/** No weights: each output is the input of its place, with what follows a sum. */
export const PASSED: i32 = 4;

/** What follows the sum. */
export const NO_ACTIVATION: i32 = 0;
export const RELU: i32 = 1;
export const PRELU: i32 = 2;
/** PReLU of slopes that are all 1 at most: the larger of x and slope · x. */
export const GENTLE_PRELU: i32 = 3;

// Offsets in bytes.
export const KIND: usize = 0;
/** The value that the first tap of the first output reads. */
export const INPUT: usize = 4;
export const INPUT_PIXEL: usize = 8;
export const INPUT_ROW: usize = 12;
/** From one output pixel, row and image to the next, in the input. */
export const STEP_X: usize = 16;
export const STEP_Y: usize = 20;
export const STEP_IMAGE: usize = 24;
export const WIDTH: usize = 28;
export const HEIGHT: usize = 32;
export const IMAGES: usize = 36;
/** Inputs of one output: rows of a panel. */
export const DEPTH: usize = 40;
export const OUTPUT: usize = 44;
export const OUTPUT_PIXEL: usize = 48;
export const OUTPUT_ROW: usize = 52;
export const OUTPUT_IMAGE: usize = 56;
/** Output channels, a multiple of 4. */
export const CHANNELS: usize = 60;
export const WEIGHTS: usize = 64;
export const BIAS: usize = 68;
export const SLOPE: usize = 72;
export const ACTIVATION: usize = 76;
/** A map added before the activation: its first value, or 0 for none; its channels are a multiple of 4. */
export const ADDED: usize = 80;
export const ADDED_PIXEL: usize = 84;
export const ADDED_ROW: usize = 88;
export const ADDED_IMAGE: usize = 92;
export const ADDED_CHANNELS: usize = 96;
export const DEPTHWISE_WEIGHTS: usize = 100;
export const KERNEL_HEIGHT: usize = 104;
export const KERNEL_WIDTH: usize = 108;
/** Values that lie side by side in one row of a gathered kernel. */
export const RUN: usize = 112;
/** Pixels handled together, a multiple of 4, and room for them. */
export const CHUNK: usize = 116;
export const PANELS: usize = 120;
export const PLACES: usize = 124;
export const LINE: usize = 128;
/** What pixels beyond the last read and write. */
export const WASTE: usize = 132;
