/** Follows faces from frame to frame; each keeps its id. */

import type { Box } from "@emotionnet/core";
import type { GraphSession } from "@emotionnet/onnx";
import { type Detection, detectFaces } from "../detect/detector.ts";
import { openPicture, type Picture, type PictureSource } from "../image/picture.ts";
import { cropOfDetection, cropOfMesh } from "../mesh/crops.ts";
import { readMeshes } from "../mesh/mesh.ts";
import { faceOf, isSameFace, type MeshFace, MIN_PRESENCE } from "../mesh/mesh-face.ts";
import type { OnReaderStage } from "../reader-stage.ts";
import { doubtOf } from "./doubt.ts";
import { FollowedFace } from "./followed-face.ts";
import { distance, placeOf } from "./motion.ts";
import { newTrackId } from "./track-id.ts";

export interface FaceTrackerOptions {
  /** The detector looks at every so many frames while all goes well. Default 15. */
  readonly detectEvery?: number;
  /** Seconds that an id waits for its face to come back. Default 1. */
  readonly longestAbsence?: number;
}

/** A face in a frame. `landmarks` are filtered through time; `mesh` and `box` are those of this frame. */
export interface TrackedFace extends MeshFace {
  /** Random; the same as long as the face is followed. */
  readonly track: string;
}

export interface TrackedFrame {
  /** The faces seen in this frame, the longest followed first. */
  readonly faces: readonly TrackedFace[];
  /** Ids that have waited too long and will not come again. */
  readonly ended: readonly string[];
}

/** Frames between looks of the detector: while a face is missing, and while there is none. */
const DETECT_WHEN_MISSING = 2;
const DETECT_WHEN_EMPTY = 3;

/** A missing face is taken back within this distance (in face sizes) of where it should be, and so much more a second. */
const RETURN_DISTANCE = 1;
const RETURN_DISTANCE_A_SECOND = 1.5;
/** … and when its size differs by less than this factor. */
const RETURN_GROWTH = 1.6;

interface Sighted {
  readonly followed: FollowedFace;
  readonly face: MeshFace;
}

/** Made by `FaceReader.track`. Takes the frames of one video in order, one at a time. */
export class FaceTracker {
  readonly #detector: GraphSession;
  readonly #mesh: GraphSession;
  readonly #limits: { readonly minScore: number; readonly maxFaces: number };
  readonly #detectEvery: number;
  readonly #longestAbsence: number;
  readonly #onStage: OnReaderStage | undefined;
  #followed: FollowedFace[] = [];
  #sinceDetection = Number.POSITIVE_INFINITY;
  #sinceThoroughDetection = Number.POSITIVE_INFINITY;
  #isBusy = false;

  constructor(
    detector: GraphSession,
    mesh: GraphSession,
    limits: { readonly minScore: number; readonly maxFaces: number },
    options: FaceTrackerOptions = {},
    onStage?: OnReaderStage,
  ) {
    this.#detector = detector;
    this.#mesh = mesh;
    this.#limits = limits;
    this.#onStage = onStage;
    this.#detectEvery = options.detectEvery ?? 15;
    this.#longestAbsence = options.longestAbsence ?? 1;
  }

  /** Faces of the next frame: pixels, or in browsers anything drawable. @param time seconds, not before that of the frame before. */
  async next(image: PictureSource, time: number): Promise<TrackedFrame> {
    if (this.#isBusy) throw new Error("FaceTracker.next was called before the frame before was done.");
    this.#isBusy = true;
    try {
      const picture = await openPicture(image);
      try {
        return await this.#facesOf(picture, time);
      } finally {
        picture.close();
      }
    } finally {
      this.#isBusy = false;
    }
  }

  async #facesOf(picture: Picture, time: number): Promise<TrackedFrame> {
    const hadAll = this.#followed.every(({ isSeen }) => isSeen);
    await this.#follow(picture, time);
    const isMissing = this.#followed.some(({ isSeen }) => !isSeen);
    this.#sinceDetection++;
    this.#sinceThoroughDetection++;
    if ((isMissing && hadAll) || this.#sinceDetection >= this.#interval(isMissing)) {
      await this.#detect(picture, time);
    }
    this.#onStage?.("map");
    const ended = this.#forget(time);
    const seen = this.#followed.filter(({ isSeen }) => isSeen);
    return { faces: seen.map((followed) => ({ ...followed.steady(time), track: followed.id })), ended };
  }

  #interval(isMissing: boolean): number {
    if (this.#followed.length === 0) return Math.min(DETECT_WHEN_EMPTY, this.#detectEvery);
    return isMissing ? Math.min(DETECT_WHEN_MISSING, this.#detectEvery) : this.#detectEvery;
  }

  /** Reads the mesh of every face around where it should be, in one run of the network. */
  async #follow(picture: Picture, time: number): Promise<void> {
    const seen = this.#followed.filter(({ isSeen }) => isSeen);
    if (seen.length === 0) return;
    this.#onStage?.("mesh");
    const meshes = await readMeshes(
      this.#mesh,
      picture,
      seen.map((followed) => followed.crop(time)),
    );
    this.#onStage?.("map");
    const sighted: Sighted[] = [];
    for (const [index, followed] of seen.entries()) {
      const mesh = meshes[index]!;
      const face = faceOf(mesh.points, followed.face.score);
      if (doubtOf(mesh, placeOf(face.box), followed.expected(time))) followed.lose();
      else sighted.push({ followed, face });
    }
    for (const { followed, face } of oneFaceOneTrack(sighted, time)) {
      const isOverlapped = sighted.some(
        (other) => other.followed !== followed && overlap(other.face.box, face.box),
      );
      followed.see(face, time, isOverlapped ? "overlapped" : "sure");
    }
  }

  async #detect(picture: Picture, time: number): Promise<void> {
    // Looking with borders, too, takes three times as long: often enough at the pace of calm times.
    this.#onStage?.("detect");
    const isThorough = this.#sinceThoroughDetection >= this.#detectEvery;
    this.#sinceDetection = 0;
    if (isThorough) this.#sinceThoroughDetection = 0;
    const { minScore, maxFaces } = this.#limits;
    const detections = await detectFaces(this.#detector, picture, minScore, isThorough ? undefined : [0]);
    const unknown = detections.filter((detection) => !this.#confirm(detection));
    const seenCount = () => this.#followed.filter(({ isSeen }) => isSeen).length;
    const faces = await this.#read(picture, unknown.slice(0, Math.max(0, maxFaces - seenCount())));
    const missing = this.#followed.filter(({ isSeen }) => !isSeen);
    for (const face of faces) {
      if (this.#followed.some(({ isSeen, face: { box } }) => isSeen && isSameFace(box, face.box))) continue;
      const returning = takeBest(missing, face, time);
      if (returning) returning.see(face, time, "sure");
      else this.#begin(face, time);
    }
  }

  /** Whether a face that is followed explains the detection. */
  #confirm({ centreX, centreY, size, score }: Detection): boolean {
    const place = { x: centreX, y: centreY, size };
    const known = this.#followed.find(
      ({ isSeen, face }) => isSeen && distance(placeOf(face.box), place) < KNOWN_DISTANCE,
    );
    known?.confirm(score);
    return known !== undefined;
  }

  async #read(picture: Picture, detections: readonly Detection[]): Promise<MeshFace[]> {
    if (detections.length === 0) return [];
    this.#onStage?.("mesh");
    const first = await readMeshes(this.#mesh, picture, detections.map(cropOfDetection));
    const crops = first.map(({ points }) => cropOfMesh(points));
    const meshes = await readMeshes(this.#mesh, picture, crops);
    this.#onStage?.("map");
    return meshes.flatMap(({ points, presence }, index) =>
      presence < MIN_PRESENCE ? [] : [faceOf(points, detections[index]!.score)],
    );
  }

  #begin(face: MeshFace, time: number): void {
    const taken = new Set(this.#followed.map(({ id }) => id));
    this.#followed.push(new FollowedFace(newTrackId(taken), face, time));
  }

  #forget(time: number): string[] {
    const isOver = (followed: FollowedFace) =>
      !followed.isSeen && time - followed.seenAt > this.#longestAbsence;
    const ended = this.#followed.filter(isOver).map(({ id }) => id);
    if (ended.length > 0) this.#followed = this.#followed.filter((followed) => !isOver(followed));
    return ended;
  }
}

/** A detection nearer than this (in face sizes) to a followed face is that face. */
const KNOWN_DISTANCE = 0.5;

/** Where two tracks have come onto one face, it stays with the one whose motion led there; the other's is hidden behind it. */
function oneFaceOneTrack(sighted: readonly Sighted[], time: number): Sighted[] {
  const surprise = ({ followed, face }: Sighted) => distance(placeOf(face.box), followed.forecast(time));
  const kept: Sighted[] = [];
  for (const sight of [...sighted].sort((a, b) => surprise(a) - surprise(b))) {
    if (kept.some(({ face }) => isSameFace(face.box, sight.face.box))) sight.followed.lose();
    else kept.push(sight);
  }
  return kept;
}

/** Takes the missing face that fits best out of the list. */
function takeBest(missing: FollowedFace[], face: MeshFace, time: number): FollowedFace | undefined {
  const place = placeOf(face.box);
  let best: FollowedFace | undefined;
  let nearest = Number.POSITIVE_INFINITY;
  for (const followed of missing) {
    const forecast = followed.forecast(time);
    const away = distance(place, forecast);
    const growth = place.size / forecast.size;
    const reach = RETURN_DISTANCE + RETURN_DISTANCE_A_SECOND * (time - followed.seenAt);
    const fits = away < reach && growth < RETURN_GROWTH && growth > 1 / RETURN_GROWTH;
    if (!fits || away >= nearest) continue;
    best = followed;
    nearest = away;
  }
  if (best) missing.splice(missing.indexOf(best), 1);
  return best;
}

/** Whether two boxes share any area. */
function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
