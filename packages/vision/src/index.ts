export { FaceReader, type FaceReaderOptions } from "./face-reader.ts";
export type { BlobLike, Drawable } from "./image/drawable.ts";
export type { PictureSource } from "./image/picture.ts";
export type { PixelImage } from "./image/pyramid.ts";
export type { MeshFace } from "./mesh/mesh-face.ts";
export { PRESETS, type Preset } from "./mesh/presets.ts";
export type { ModelBytes } from "./models/names.ts";
export type { OnReaderStage, ReaderStage } from "./reader-stage.ts";
export {
  FaceTracker,
  type FaceTrackerOptions,
  type TrackedFace,
  type TrackedFrame,
} from "./track/face-tracker.ts";
