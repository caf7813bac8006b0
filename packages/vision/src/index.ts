export { FaceReader, type FaceReaderOptions, type MeshFace } from "./face-reader.ts";
export { PRESETS, type Preset } from "./mesh/presets.ts";
export type { ModelBytes } from "./models/names.ts";
