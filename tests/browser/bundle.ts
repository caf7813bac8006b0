/** Core as a browser would get it: bundled and minified by vite, in memory. */

import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Rollup } from "vite";

export interface Bundle {
  /** Code by file name; the entries are `core.js` and `pool-worker.js`. */
  readonly files: ReadonlyMap<string, string>;
  /** Gzipped bytes of everything but the embedded default model. */
  readonly size: number;
}

const source = (path: string) => fileURLToPath(new URL(`../../packages/core/src/${path}`, import.meta.url));

export async function bundleCore(): Promise<Bundle> {
  const result = (await build({
    configFile: false,
    logLevel: "silent",
    resolve: { conditions: ["@emotionnet/source", "browser", "import", "default"] },
    build: {
      write: false,
      minify: "esbuild",
      modulePreload: false,
      rollupOptions: {
        input: { core: source("index.ts"), "pool-worker": source("pool/pool-worker.ts") },
        preserveEntrySignatures: "strict",
        output: { format: "es", entryFileNames: "[name].js", chunkFileNames: "[name].js" },
      },
    },
  })) as Rollup.RollupOutput;
  const chunks = result.output.filter((chunk) => chunk.type === "chunk");
  const isDefaultModel = (chunk: Rollup.OutputChunk) => chunk.fileName.startsWith("default-model");
  if (!chunks.some(isDefaultModel)) throw new Error("The default model has no chunk of its own.");
  const code = chunks.filter((chunk) => !isDefaultModel(chunk)).map((chunk) => chunk.code);
  return {
    files: new Map(chunks.map((chunk) => [chunk.fileName, chunk.code])),
    size: gzipSync(code.join("\n"), { level: 9 }).length,
  };
}
