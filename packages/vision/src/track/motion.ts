/** Where a face should be, told by where it was and how fast it went. */

import type { Box } from "@emotionnet/core";

export interface Place {
  readonly x: number;
  readonly y: number;
  /** Half the sum of the box's sides, pixels. */
  readonly size: number;
}

export function placeOf({ x, y, width, height }: Box): Place {
  return { x: x + width / 2, y: y + height / 2, size: (width + height) / 2 };
}

/** Pixels between two middles, as a share of the smaller size. */
export function distance(a: Place, b: Place): number {
  return Math.hypot(a.x - b.x, a.y - b.y) / Math.max(1, Math.min(a.size, b.size));
}

/** Seconds after which an older speed counts 1/e. */
const MEMORY = 0.2;
/** Seconds for which a speed is believed when nothing is seen. */
const LONGEST_FORECAST = 1;

/**
 * Straight motion. It learns only from sights that are sure (`learn`): while two faces overlap, the mesh of the one behind
 * drifts to the one in front, and what was known before is the better forecast.
 */
export class Motion {
  #place: Place;
  #time: number;
  #speedX = 0;
  #speedY = 0;

  constructor(place: Place, time: number) {
    this.#place = place;
    this.#time = time;
  }

  /** Time of the last sure sight, seconds. */
  get time(): number {
    return this.#time;
  }

  learn(place: Place, time: number): void {
    const elapsed = time - this.#time;
    if (elapsed > 0) {
      const share = 1 - Math.exp(-elapsed / MEMORY);
      this.#speedX += share * ((place.x - this.#place.x) / elapsed - this.#speedX);
      this.#speedY += share * ((place.y - this.#place.y) / elapsed - this.#speedY);
    }
    this.#place = place;
    this.#time = time;
  }

  /** The face came back after it was away: its speed is unknown. */
  restart(place: Place, time: number): void {
    this.#place = place;
    this.#time = time;
    this.#speedX = 0;
    this.#speedY = 0;
  }

  forecast(time: number): Place {
    const ahead = Math.min(Math.max(time - this.#time, 0), LONGEST_FORECAST);
    const { x, y, size } = this.#place;
    return { x: x + this.#speedX * ahead, y: y + this.#speedY * ahead, size };
  }

  /** Pixels that the face moves in so many seconds. */
  shift(seconds: number): readonly [x: number, y: number] {
    return [this.#speedX * seconds, this.#speedY * seconds];
  }
}
