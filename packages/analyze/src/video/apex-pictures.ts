/** Pictures of faces at the apex of their events. Which frame that is is known only afterwards: some are held back. */

import { join } from "node:path";
import type { Box, RgbImage } from "@emotionnet/core";
import { writePhoto } from "@emotionnet/media";
import { fileStem } from "../result/file-stem.ts";
import { cropFace } from "./crop-face.ts";
import type { FaceEvent } from "./face-event.ts";

interface Held {
  readonly time: number;
  readonly image: RgbImage;
}

/** Seconds that are held while no expression shows: the label comes that much after the onset. */
const before = 1;

/** Pictures held for a face; when there are more, every other one goes, so that an event of any length fits. */
const mostHeld = 32;

type Ended = Extract<FaceEvent, { kind: "end" }>;

/** For one source. Give it every face, then the event, then `write`. */
export class ApexPictures {
  readonly #folder: string;
  readonly #stem: string;
  readonly #faces = new Map<string, { held: Held[]; isOpen: boolean; step: number; seen: number }>();
  readonly #ended: { readonly event: Ended; readonly image: RgbImage }[] = [];

  /** @param folder exists. */
  constructor(folder: string, source: string) {
    this.#folder = folder;
    this.#stem = fileStem(source);
  }

  /** Holds the face of a frame. @param box pixels of `image`. @param time seconds. */
  see(track: string, image: RgbImage, box: Box, time: number): void {
    const face = this.#faces.get(track) ?? { held: [], isOpen: false, step: 1, seen: 0 };
    this.#faces.set(track, face);
    if (!face.isOpen) {
      while (face.held.length > 0 && face.held[0]!.time < time - before) face.held.shift();
      face.step = 1;
    }
    if (face.seen++ % face.step !== 0) return;
    face.held.push({ time, image: cropFace(image, box) });
    if (face.held.length <= mostHeld) return;
    face.held = face.held.filter((_, index) => index % 2 === 0);
    face.step *= 2;
  }

  /** Chooses the picture nearest to the apex of an event that has ended. */
  hear(event: FaceEvent): void {
    const face = this.#faces.get(event.track);
    if (!face) return;
    face.isOpen = event.kind === "begin";
    if (event.kind === "begin" || face.held.length === 0) return;
    const away = ({ time }: Held) => Math.abs(time - event.apex);
    const { image } = face.held.reduce((best, each) => (away(each) < away(best) ? each : best));
    this.#ended.push({ event, image });
  }

  /** The face will not be seen again. */
  forget(track: string): void {
    this.#faces.delete(track);
  }

  /** Writes what was chosen since the last time, each file whole. @throws EmotionNetError `file-unwritable`. */
  async write(): Promise<void> {
    for (const { event, image } of this.#ended.splice(0)) {
      const { track, number, expression } = event;
      await writePhoto(join(this.#folder, `${this.#stem}-${track}-${number}-${expression}.jpg`), image);
    }
  }
}
