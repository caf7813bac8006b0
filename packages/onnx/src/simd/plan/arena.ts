/** Places of maps in the kernel's memory; a place is used again for a map of the same shape, whose border stays zero. */

import { unsupported } from "../unsupported.ts";
import { type Border, type FeatureMap, FLOAT_BYTES } from "./values.ts";

/** Parts start at whole cache lines. */
const ALIGNMENT = 64;
/** Vectors may reach over the end of what they read. */
const SLACK_BYTES = 64;
/** WebAssembly's addresses end at 4 GiB; browsers stop earlier. */
const MOST_BYTES = 2 ** 31;

export class Arena {
  #end: number;
  readonly #free = new Map<string, number[]>();
  readonly #keys = new Map<number, string>();

  constructor(start: number) {
    this.#end = start;
  }

  /** Bytes used so far. */
  get end(): number {
    return this.#end;
  }

  /** Room that is never given back. */
  take(bytes: number): number {
    const address = Math.ceil(this.#end / ALIGNMENT) * ALIGNMENT;
    this.#end = address + bytes + SLACK_BYTES;
    if (this.#end > MOST_BYTES) throw unsupported("maps that do not fit into WebAssembly's memory");
    return address;
  }

  /** Room for a map whose pixels take `channels` floats each. */
  map(dims: FeatureMap["dims"], [top, left, bottom, right]: Border, channels: number): FeatureMap {
    const [images, , height, width] = dims;
    const pixel = channels * FLOAT_BYTES;
    const row = (left + width + right) * pixel;
    const image = (top + height + bottom) * row;
    const key = [images, channels, height, width, top, left, bottom, right, dims[1]].join();
    const address = this.#free.get(key)?.pop() ?? this.take(images * image);
    const origin = address + top * row + left * pixel;
    this.#keys.set(origin, key);
    return { layout: "map", dims, pixel, row, image, origin };
  }

  /** Gives a map's place back. */
  release(map: FeatureMap, [top, left]: Border): void {
    const key = this.#keys.get(map.origin)!;
    const address = map.origin - top * map.row - left * map.pixel;
    this.#free.set(key, [...(this.#free.get(key) ?? []), address]);
  }
}
