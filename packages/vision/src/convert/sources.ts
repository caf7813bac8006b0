/** Where the networks come from: files of two packages on the registry, known by their hashes. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { EmotionNetError } from "@emotionnet/core";

/** A file of an installed package. */
export interface SourceFile {
  readonly package: string;
  readonly version: string;
  readonly path: string;
  readonly sha256: string;
  /** The first so many bytes are the file meant; the whole when left out. */
  readonly length?: number;
}

export const SOURCES = {
  detectorGraph: {
    package: "@vladmandic/human",
    version: "3.3.6",
    path: "models/blazeface.json",
    sha256: "cd7bbfc078270572beb39f9e5ae67aadbd50b5e67cff37e6d4f6b3ea39312e5f",
  },
  detectorWeights: {
    package: "@vladmandic/human",
    version: "3.3.6",
    path: "models/blazeface.bin",
    sha256: "dc9a97fdc50bc43216554bdd69aa3e7b9361a519ee7bdd996a2f69a98a6f9b72",
  },
  mesh: {
    package: "@mediapipe/face_mesh",
    version: "0.4.1633559619",
    path: "face_mesh_solution_packed_assets.data",
    sha256: "dbe5905c582c0462cdaea17e7e6ecea92edaa8cccc515c5e2e7291f2cbb5fb99",
    length: 2_495_952,
  },
} as const satisfies Record<string, SourceFile>;

/**
 * Reads a source file from the nearest `node_modules` above `folder` and checks it.
 * @throws EmotionNetError `vision-models-missing` when it is nowhere, `vision-models-changed` when its hash differs.
 */
export function readSource(source: SourceFile, folder: string): Uint8Array {
  const bytes = readInstalled(source, folder);
  const hash = createHash("sha256").update(bytes).digest("hex");
  if (hash !== source.sha256) {
    throw new EmotionNetError("vision-models-changed", {
      got: `${source.package}/${source.path} with the SHA-256 ${hash}`,
      wanted: `${source.sha256}, the file of version ${source.version}`,
      mend: `Run npm install again so that ${source.package} ${source.version} is installed.`,
    });
  }
  return bytes.subarray(0, source.length);
}

function readInstalled(source: SourceFile, folder: string): Uint8Array {
  for (let above = folder; ; above = dirname(above)) {
    try {
      // Not as a Buffer, whose slice method shares memory where every other array's copies.
      return new Uint8Array(readFileSync(join(above, "node_modules", source.package, source.path)));
    } catch (cause) {
      if (dirname(above) !== above) continue;
      throw new EmotionNetError(
        "vision-models-missing",
        {
          got: `no file ${source.path} of ${source.package} in any node_modules above ${folder}`,
          wanted: `the installed package ${source.package} ${source.version}`,
          mend: "Run npm install in the repository.",
        },
        { cause },
      );
    }
  }
}
