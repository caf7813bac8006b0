/** Pixels in, faces with 68 landmarks out. */

import { EmotionNetError, type Face } from "@emotionnet/core";
import { createSession, type GraphSession } from "@emotionnet/onnx";
import { loadModels } from "#models";
import { detectFaces } from "./detect/detector.ts";
import { openPicture, type Picture, type PictureSource } from "./image/picture.ts";
import { cropOfDetection, cropOfMesh } from "./mesh/crops.ts";
import { type Mesh, readMeshes } from "./mesh/mesh.ts";
import { faceOf, isSameFace, type MeshFace, MIN_PRESENCE } from "./mesh/mesh-face.ts";
import { PRESETS, type Preset } from "./mesh/presets.ts";
import type { ModelBytes } from "./models/names.ts";
import type { OnReaderStage } from "./reader-stage.ts";
import { FaceTracker, type FaceTrackerOptions } from "./track/face-tracker.ts";

export interface FaceReaderOptions {
  /** `fast`, `balanced` (the default) or `accurate`. */
  readonly preset?: Preset;
  /** Threads inside the networks; 1 when left out. Only ONNX Runtime's native build, in Node, takes more. */
  readonly threads?: number;
  /** Detections below this score, 0..1, are no faces; 0.5 when left out. */
  readonly minScore?: number;
  /** At most so many faces, those with the best scores; 20 when left out. */
  readonly maxFaces?: number;
  /** Told when a stage of a reading begins, for measuring. */
  readonly onStage?: OnReaderStage;
  /** Bytes of the two networks; read from this package when left out. */
  readonly models?: ModelBytes;
}

const DEFAULT_MIN_SCORE = 0.5;
const DEFAULT_MAX_FACES = 20;

/** Finds faces and their landmarks. Create one and use it for many pictures; calls of `read` may overlap. */
export class FaceReader {
  readonly #detector: GraphSession;
  readonly #mesh: GraphSession;
  readonly #preset: Preset;
  readonly #minScore: number;
  readonly #maxFaces: number;
  readonly #onStage: OnReaderStage | undefined;

  private constructor(detector: GraphSession, mesh: GraphSession, options: FaceReaderOptions) {
    this.#detector = detector;
    this.#mesh = mesh;
    this.#preset = options.preset ?? "balanced";
    this.#minScore = options.minScore ?? DEFAULT_MIN_SCORE;
    this.#maxFaces = options.maxFaces ?? DEFAULT_MAX_FACES;
    this.#onStage = options.onStage;
  }

  /**
   * Loads the networks.
   * @throws EmotionNetError `vision-models-missing` or `vision-models-changed` when the networks are not there or are others,
   * `engine` when no engine loads, `usage` for an option out of range.
   */
  static async create(options: FaceReaderOptions = {}): Promise<FaceReader> {
    checkOptions(options);
    const models = options.models ?? (await loadModels());
    const threads = options.threads ?? 1;
    const detector = await createSession(models.detector, { threads });
    try {
      return new FaceReader(detector, await createSession(models.mesh, { threads }), options);
    } catch (error) {
      await detector.release();
      throw error;
    }
  }

  /**
   * All faces of a picture, best score first; none is an empty list. An `ImageData` can be read as it is, and in browsers anything
   * drawable: a file (`Blob`), an `ImageBitmap`, a `VideoFrame`, an element, a canvas. It must stay open until the answer.
   * @throws EmotionNetError `photo-damaged` for what is no picture
   */
  async read(image: PictureSource): Promise<Face[]> {
    const faces = await this.readMesh(image);
    return faces.map(({ mesh: _, ...face }) => face);
  }

  /** As `read`, with the mesh of each face. */
  async readMesh(image: PictureSource): Promise<MeshFace[]> {
    const picture = await openPicture(image);
    try {
      return await this.#facesOf(picture);
    } finally {
      picture.close();
    }
  }

  /** Follows faces through the frames of one video. Close this reader only after the last frame. */
  track(options: FaceTrackerOptions = {}): FaceTracker {
    const limits = { minScore: this.#minScore, maxFaces: this.#maxFaces };
    return new FaceTracker(this.#detector, this.#mesh, limits, options, this.#onStage);
  }

  /** Frees the networks; the reader cannot read afterwards. */
  async close(): Promise<void> {
    await Promise.all([this.#detector.release(), this.#mesh.release()]);
  }

  async #facesOf(picture: Picture): Promise<MeshFace[]> {
    this.#onStage?.("detect");
    const detections = await detectFaces(this.#detector, picture, this.#minScore);
    const wanted = detections.slice(0, this.#maxFaces);
    if (wanted.length === 0) return [];
    const { passes, mirrored } = PRESETS[this.#preset];
    this.#onStage?.("mesh");
    let crops = wanted.map(cropOfDetection);
    let meshes = await readMeshes(this.#mesh, picture, crops);
    for (let pass = 1; pass < passes; pass++) {
      crops = meshes.map(({ points }) => cropOfMesh(points));
      meshes = await readMeshes(this.#mesh, picture, crops);
    }
    if (mirrored) meshes = averaged(meshes, await readMeshes(this.#mesh, picture, crops, "mirrored"));
    this.#onStage?.("map");
    const faces = meshes.flatMap(({ points, presence }, index) =>
      presence < MIN_PRESENCE ? [] : [faceOf(points, wanted[index]!.score)],
    );
    return withoutDuplicates(faces);
  }
}

function averaged(first: readonly Mesh[], second: readonly Mesh[]): Mesh[] {
  return first.map(({ points, presence }, index) => ({
    points: points.map((value, at) => (value + second[index]!.points[at]!) / 2),
    presence: (presence + second[index]!.presence) / 2,
  }));
}

/** Two detections can end on one face: the one with the better score stays. */
function withoutDuplicates(bestFirst: readonly MeshFace[]): MeshFace[] {
  const kept: MeshFace[] = [];
  for (const face of bestFirst) {
    if (!kept.some((other) => isSameFace(other.box, face.box))) kept.push(face);
  }
  return kept;
}

function checkOptions({ preset, minScore, maxFaces }: FaceReaderOptions): void {
  if (preset !== undefined && !Object.hasOwn(PRESETS, preset)) {
    throw wrongOption(`the preset "${preset}"`, Object.keys(PRESETS).join(", "));
  }
  if (minScore !== undefined && !(minScore > 0 && minScore <= 1)) {
    throw wrongOption(`the minimum score ${minScore}`, "a number above 0, up to 1");
  }
  if (maxFaces !== undefined && !(Number.isInteger(maxFaces) && maxFaces >= 1)) {
    throw wrongOption(`at most ${maxFaces} faces`, "a whole number from 1 up");
  }
}

function wrongOption(got: string, wanted: string): EmotionNetError {
  return new EmotionNetError("usage", { got, wanted, mend: "Correct the option." });
}
