/** Three addresses a pixel of a chunk: what it reads, what is added to it, where it goes. */

export const PLACE_BYTES: usize = 12;
export const PLACE_SOURCE: usize = 0;
export const PLACE_ADDED: usize = 4;
export const PLACE_OUTPUT: usize = 8;
