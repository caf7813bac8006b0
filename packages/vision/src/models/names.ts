/** The two networks as files, and what they must be. */

/** File names in the folder `models` of this package. */
export const MODEL_FILES = {
  detector: "face-detector.onnx",
  mesh: "attention-mesh.onnx",
  /** The same network for browsers, where our own engine runs it: PRelu as one operator, weights in half precision, half the bytes. */
  webMesh: "attention-mesh-web.onnx",
} as const;

export type ModelFileName = keyof typeof MODEL_FILES;

/** Bytes of an ONNX file for each of the two networks. */
export type ModelBytes = Readonly<Record<"detector" | "mesh", Uint8Array>>;

/** SHA-256 of the files that the converter writes. A change of the converter changes these lines with it. */
export const MODEL_HASHES: Readonly<Record<ModelFileName, string>> = {
  detector: "d927d33f4acb94ba9d1124c56756256139611588661e1d0d39fbd647dad44830",
  webMesh: "6295feba366ba8866284e413cf823249cf18b32bf75f302d37c4f7fdf65ad6e3",
  mesh: "63568ecf95f2dc8d5825f815632e04331d533338ffda81c7b7e8786b8b7620e8",
};
