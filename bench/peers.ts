/** Other people's programs to race, installed into bench/.peers, which git ignores. */

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { repository } from "./repository.ts";

export const peersFolder = join(repository, "bench/.peers");
const TENSORFLOW = "4.22.0";
const TENSORFLOW_PACKAGES = ["core", "backend-cpu", "backend-wasm"].map(
  (name) => `@tensorflow/tfjs-${name}@${TENSORFLOW}`,
);

/** A tensor of TensorFlow.js. */
export interface TensorFlowTensor {
  dataSync(): Float32Array;
}

/** What is raced of TensorFlow.js, which this repository does not install: its own types are not there. */
export interface TensorFlow {
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  tidy<Result>(work: () => Result): Result;
  tensor1d(values: Float32Array): TensorFlowTensor;
  tensor2d(values: Float32Array, shape: [rows: number, columns: number]): TensorFlowTensor;
  matMul(left: TensorFlowTensor, right: TensorFlowTensor): TensorFlowTensor;
  add(left: TensorFlowTensor, right: TensorFlowTensor): TensorFlowTensor;
  div(left: TensorFlowTensor, right: number): TensorFlowTensor;
  relu(values: TensorFlowTensor): TensorFlowTensor;
  softmax(logits: TensorFlowTensor): TensorFlowTensor;
}

interface TensorFlowBackend {
  setWasmPaths(folder: string): void;
  setThreadsCount(threads: number): void;
}

/** A folder of installed packages; those that are not there yet are installed. @param wanted `name@version` of each. */
function install(wanted: readonly string[]): string {
  mkdirSync(peersFolder, { recursive: true });
  const manifest = join(peersFolder, "package.json");
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true }\n');
  const missing = wanted.filter((spec) => !existsSync(join(folderOf(spec), "package.json")));
  if (missing.length > 0) {
    execFileSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", ...missing], {
      cwd: peersFolder,
    });
  }
  return manifest;
}

function folderOf(spec: string): string {
  return join(peersFolder, "node_modules", spec.slice(0, spec.lastIndexOf("@")));
}

/** face-api.js, kept up by the author of Human; it asks for all of TensorFlow.js. */
export const FACE_API = "@vladmandic/face-api";
const FACE_API_VERSION = `${FACE_API}@1.7.15`;

/** Folder of face-api's weights; installs the package the first time. */
export function faceApiWeights(): string {
  install([FACE_API_VERSION]);
  return join(folderOf(FACE_API_VERSION), "model");
}

/** TensorFlow.js on its WebAssembly backend, one thread; installs it the first time. */
export async function loadTensorFlow(): Promise<TensorFlow> {
  const require = createRequire(install(TENSORFLOW_PACKAGES));
  return startTensorFlow(require("@tensorflow/tfjs-core"), require);
}

/** Where face-api and the whole of TensorFlow.js are, on one thread of WebAssembly; installs them the first time. */
export async function requireFaceApi(): Promise<NodeJS.Require> {
  const packages = [...TENSORFLOW_PACKAGES, `@tensorflow/tfjs@${TENSORFLOW}`, FACE_API_VERSION];
  const require = createRequire(install(packages));
  await startTensorFlow(require("@tensorflow/tfjs"), require);
  return require;
}

/** Path of the WebAssembly files of TensorFlow.js, with a slash at its end; installs them the first time. */
export function tensorFlowFiles(): string {
  const require = createRequire(install(TENSORFLOW_PACKAGES));
  return `${dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json"))}/dist/`;
}

async function startTensorFlow(tf: TensorFlow, require: NodeJS.Require): Promise<TensorFlow> {
  const wasm: TensorFlowBackend = require("@tensorflow/tfjs-backend-wasm");
  wasm.setWasmPaths(tensorFlowFiles());
  wasm.setThreadsCount(1);
  await tf.setBackend("wasm");
  await tf.ready();
  return tf;
}

/** Version of a package installed in a folder, by default this repository's own. */
export function versionOf(name: string, folder = repository): string {
  const manifest: { readonly version: string } = JSON.parse(
    readFileSync(join(folder, "node_modules", name, "package.json"), "utf8"),
  );
  return manifest.version;
}
