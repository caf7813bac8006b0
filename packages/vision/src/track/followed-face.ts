/** One face through the frames: where it is, where it will be, and its steady points. */

import { LANDMARK_COUNT, OneEuroFilter } from "@emotionnet/core";
import type { Crop } from "../image/crop.ts";
import { cropOfMesh } from "../mesh/crops.ts";
import type { MeshFace } from "../mesh/mesh-face.ts";
import { Motion, type Place, placeOf } from "./motion.ts";

/** Whether the sight tells where the face goes: not while another face overlaps it. */
export type Sight = "sure" | "overlapped";

export class FollowedFace {
  readonly id: string;
  readonly #motion: Motion;
  readonly #filter = new OneEuroFilter(LANDMARK_COUNT);
  #face: MeshFace;
  #seenAt: number;
  #isSeen = true;

  constructor(id: string, face: MeshFace, time: number) {
    this.id = id;
    this.#face = face;
    this.#seenAt = time;
    this.#motion = new Motion(placeOf(face.box), time);
  }

  /** False while it is hidden, away or not believed. */
  get isSeen(): boolean {
    return this.#isSeen;
  }

  /** Seconds. */
  get seenAt(): number {
    return this.#seenAt;
  }

  get face(): MeshFace {
    return this.#face;
  }

  /** Where it should be by its motion before anything overlapped it. */
  forecast(time: number): Place {
    return this.#motion.forecast(time);
  }

  /** Where it should be a moment after it was last seen. */
  expected(time: number): Place {
    const { x, y, size } = placeOf(this.#face.box);
    const [shiftX, shiftY] = this.#shift(time);
    return { x: x + shiftX, y: y + shiftY, size };
  }

  /** Where to look for its mesh. */
  crop(time: number): Crop {
    const crop = cropOfMesh(this.#face.mesh);
    const [shiftX, shiftY] = this.#shift(time);
    return { ...crop, centreX: crop.centreX + shiftX, centreY: crop.centreY + shiftY };
  }

  see(face: MeshFace, time: number, sight: Sight): void {
    const place = placeOf(face.box);
    if (!this.#isSeen) this.#motion.restart(place, time);
    else if (sight === "sure" || time - this.#motion.time > longestOverlap) this.#motion.learn(place, time);
    this.#face = face;
    this.#seenAt = time;
    this.#isSeen = true;
  }

  lose(): void {
    this.#isSeen = false;
  }

  /** The score of the detector's last look. */
  confirm(score: number): void {
    this.#face = { ...this.#face, score };
  }

  /** The last sight with its points filtered. */
  steady(time: number): MeshFace {
    const { landmarks, box } = this.#face;
    const filtered = this.#filter.filter(
      landmarks,
      time,
      Math.max(1, box.width),
      new Float32Array(landmarks.length),
    );
    return { ...this.#face, landmarks: filtered };
  }

  /** A speed from long ago, or a wild one, must not push the crop off the face. */
  #shift(time: number): readonly [number, number] {
    const [x, y] = this.#motion.shift(Math.min(time - this.#seenAt, longestShift));
    const limit = (largestShift * (this.#face.box.width + this.#face.box.height)) / 2;
    return [clamp(x, limit), clamp(y, limit)];
  }
}

/** Seconds. */
const longestShift = 0.2;
/** Share of the face's size. */
const largestShift = 0.4;
/** Seconds of overlap after which the motion is learnt anew. */
const longestOverlap = 1;

function clamp(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value));
}
