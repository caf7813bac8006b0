/** The two networks as files, and what they must be. */

/** File names in the folder `models` of this package. */
export const MODEL_FILES = { detector: "face-detector.onnx", mesh: "attention-mesh.onnx" } as const;

export type ModelName = keyof typeof MODEL_FILES;

/** Bytes of the two ONNX files. */
export type ModelBytes = Readonly<Record<ModelName, Uint8Array>>;

/** SHA-256 of the files that the converter writes. A change of the converter changes these lines with it. */
export const MODEL_HASHES: Readonly<Record<ModelName, string>> = {
  detector: "b8a7404e154b08559fcc4c872cf8734de0c9966e35c47dd99d30789e03044de2",
  mesh: "496aaf8eb8d579a4bfb42e79e9e37ede46565727b81fa74da1ab21f5bcdd2472",
};
