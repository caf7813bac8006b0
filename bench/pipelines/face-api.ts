/** face-api in Node: a detector, its 68 landmarks and its expressions, on TensorFlow.js's WebAssembly backend, one thread. */

import { dirname, join } from "node:path";
import type { RgbImage } from "@emotionnet/core";
import { FACE_API, peersFolder, requireFaceApi, versionOf } from "../peers.ts";

/** What is used of face-api, whose own types belong to a package that is not installed here. */
interface FaceApi {
  readonly tf: { tensor3d(data: Uint8Array, shape: readonly number[], type: "int32"): { dispose(): void } };
  readonly nets: Readonly<Record<string, { loadFromDisk(folder: string): Promise<void> }>>;
  readonly TinyFaceDetectorOptions: new () => object;
  readonly SsdMobilenetv1Options: new () => object;
  detectAllFaces(
    pixels: object,
    options: object,
  ): { withFaceLandmarks(): { withFaceExpressions(): PromiseLike<readonly object[]> } };
}

export interface FaceApiPipeline {
  /** Name, version and detector. */
  readonly name: string;
  /** Number of faces found. */
  read(image: RgbImage): Promise<number>;
}

const NETWORKS = ["tinyFaceDetector", "ssdMobilenetv1", "faceLandmark68Net", "faceExpressionNet"];

/** With its fast detector (416 pixels) and with its accurate one. */
export async function faceApiPipelines(): Promise<FaceApiPipeline[]> {
  const require = await requireFaceApi();
  const faceApi: FaceApi = require(`${FACE_API}/dist/face-api.node-wasm.js`);
  const folder = join(dirname(require.resolve(`${FACE_API}/package.json`)), "model");
  for (const network of NETWORKS) await faceApi.nets[network]!.loadFromDisk(folder);
  const version = versionOf(FACE_API, peersFolder);
  const detectors = {
    tiny: new faceApi.TinyFaceDetectorOptions(),
    SSD: new faceApi.SsdMobilenetv1Options(),
  };
  return Object.entries(detectors).map(([detector, options]) => ({
    name: `face-api ${version}, ${detector} detector`,
    async read({ width, height, data }) {
      const pixels = faceApi.tf.tensor3d(data, [height, width, 3], "int32");
      try {
        const faces = await faceApi.detectAllFaces(pixels, options).withFaceLandmarks().withFaceExpressions();
        return faces.length;
      } finally {
        pixels.dispose();
      }
    },
  }));
}
