/** The two networks that are raced: the default model, and the reference profile trained for a few epochs on simulated faces. */

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readModel, writeModel } from "../packages/core/dist/index.js";
import { generateFaces, parseTrainingSpec, trainModel } from "../packages/train/dist/index.js";
import { peersFolder } from "./peers.mjs";

const defaultModel = fileURLToPath(new URL("../models/default/emotionnet.safetensors", import.meta.url));
const EPOCHS = 6;

/** @returns the default model: 136-256-128-64-6 unless another was trained */
export function compactModel() {
  return readModel(readFileSync(defaultModel));
}

/** The 512-wide profile; trained once and kept in bench/.peers. */
export async function referenceModel(log) {
  const path = join(peersFolder, "reference.safetensors");
  if (existsSync(path)) return readModel(readFileSync(path));
  log(`Training the reference profile for ${EPOCHS} epochs …`);
  mkdirSync(peersFolder, { recursive: true });
  const resultsDirectory = join(peersFolder, "reference-run");
  const text = `{random_seed: 1, num_epoch: ${EPOCHS}, dataloader: {batch_size: 256}, model: {model_parameters: {profile: reference}}}`;
  const { model } = await trainModel({
    train: generateFaces({ persons: 400, samplesPerPerson: 50, seed: 101 }),
    validation: generateFaces({ persons: 40, samplesPerPerson: 50, seed: 102 }),
    spec: parseTrainingSpec(text, "reference"),
    resultsDirectory,
  });
  rmSync(resultsDirectory, { recursive: true });
  writeFileSync(path, writeModel(model));
  return model;
}
