/** Running the built command, and files for it to work on. */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LANDMARK_VALUES } from "@emotionnet/core";
import { drawPortrait, writePhoto } from "@emotionnet/media";
import { generateFaces } from "@emotionnet/train";
import { afterAll } from "vitest";

export const repository = fileURLToPath(new URL("..", import.meta.url));
export const commandPath = join(repository, "packages/cli/bin/emotionnet.js");

export interface CommandResult {
  /** Exit status; null when a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function startCommand(
  args: readonly string[],
  directory: string,
  environment: NodeJS.ProcessEnv = process.env,
): ChildProcess {
  const env = { ...environment, EMOTIONNET_DEBUG: "" };
  return spawn(process.execPath, [commandPath, ...args], { cwd: directory, env });
}

/** Runs `emotionnet` with arguments in a folder, to its end. */
export function runCommand(args: readonly string[], directory: string): Promise<CommandResult> {
  return outcome(startCommand(args, directory));
}

/** Waits for the end of a process and gathers what it said. */
export function outcome(child: ChildProcess): Promise<CommandResult> {
  const said = { stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    said.stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said.stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, ...said }));
  });
}

/** A folder that goes away after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "emotionnet-cli-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A spec for `data/tiny`, and so little to do that training takes a second. */
export const tinySpec = `
num_epoch: 2
class_list: [neutral, happy, surprise, squint, disgust, scream]
dataloader:
  batch_size: 64
  dataset_info: { tfrecords_directory_path: [data], tfrecords_set_id: [tiny] }
  kpiset_info: { kpi_tfrecords_directory_path: [data], tfrecords_set_id_kpi: [tiny] }
model: { model_parameters: { hidden_layers: [16, 8] } }
optimizer: { learning_rate_schedule: { base_learning_rate: 0.003, min_learning_rate: 0.0001 } }
model_card: { name: tiny, licence: Apache-2.0, simulated: True, data_sources: [simulated faces] }
`;

/** Makes `data/tiny`, `tiny.yaml` and the trained `results/model.safetensors` in a folder by the command itself. */
export async function trainTinyModel(folder: string): Promise<string> {
  await writeFile(join(folder, "tiny.yaml"), tinySpec);
  const synth = ["synth", "-o", "data", "--name", "tiny", "--persons", "20", "--samples", "30"];
  for (const args of [synth, ["train", "-e", "tiny.yaml", "-r", "results", "--threads", "1"]]) {
    const { status, stderr } = await runCommand(args, folder);
    if (status !== 0) throw new Error(`emotionnet ${args.join(" ")} ended with ${status}: ${stderr}`);
  }
  return join(folder, "results", "model.safetensors");
}

/** A drawn face, seen from the front, as a picture file. */
export async function drawFace(path: string): Promise<void> {
  const faces = generateFaces({ persons: 1, samplesPerPerson: 90, seed: 5, protocol: "multipie" });
  const frontal = faces.names.findIndex((name) => name.split("_")[3] === "051") * LANDMARK_VALUES;
  const landmarks = faces.landmarks.subarray(frontal, frontal + LANDMARK_VALUES);
  await writePhoto(path, await drawPortrait(landmarks, { size: 320 }));
}
