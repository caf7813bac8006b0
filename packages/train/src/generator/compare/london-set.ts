/** The real faces that development may look at: `london-landmarks.json`, which is not part of this project. */

import { readFileSync } from "node:fs";
import { MESH_TO_IBUG68 } from "@emotionnet/core";

export interface LondonFace {
  readonly id: string;
  /** `london`: the Face Research Lab London Set; `canada`: the neutral Young Adult White Faces. */
  readonly set: string;
  readonly subject: string;
  /** What the sitter was asked for. */
  readonly label: "neutral" | "happy";
  /** x, y of 68 points by the mesh, pixels of the photograph. */
  readonly landmarks: Float32Array;
}

interface LondonFile {
  readonly samples: readonly (Omit<LondonFace, "landmarks"> & {
    readonly mesh478: readonly (readonly number[])[];
  })[];
}

/** All faces of the file: 102 persons neutral and smiling, and 40 neutral ones. */
export function readLondonSet(file: string): LondonFace[] {
  const { samples } = JSON.parse(readFileSync(file, "utf8")) as LondonFile;
  return samples.map(({ id, set, subject, label, mesh478 }) => ({
    ...{ id, set, subject, label },
    landmarks: Float32Array.from(MESH_TO_IBUG68.flatMap((vertex) => mesh478[vertex]!.slice(0, 2))),
  }));
}
