/** Other people's programs to race, installed into bench/.peers, which git ignores. */

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const peersFolder = fileURLToPath(new URL(".peers/", import.meta.url));
const TENSORFLOW = "4.22.0";
const PACKAGES = ["tfjs-core", "tfjs-backend-cpu", "tfjs-backend-wasm"].map((name) => `@tensorflow/${name}`);

/** TensorFlow.js on its WebAssembly backend, one thread; installs it the first time. */
export async function loadTensorFlow() {
  mkdirSync(peersFolder, { recursive: true });
  const manifest = join(peersFolder, "package.json");
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true }\n');
  if (!existsSync(join(peersFolder, "node_modules", PACKAGES.at(-1)))) {
    const wanted = PACKAGES.map((name) => `${name}@${TENSORFLOW}`);
    execFileSync("npm", ["install", "--no-audit", "--no-fund", ...wanted], { cwd: peersFolder });
  }
  const require = createRequire(pathToFileURL(manifest));
  const tf = require("@tensorflow/tfjs-core");
  const wasm = require("@tensorflow/tfjs-backend-wasm");
  wasm.setWasmPaths(`${dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json"))}/dist/`);
  wasm.setThreadsCount(1);
  await tf.setBackend("wasm");
  await tf.ready();
  return tf;
}

/** Version of an installed package. */
export function versionOf(name, folder = fileURLToPath(new URL("..", import.meta.url))) {
  return JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8")).version;
}
