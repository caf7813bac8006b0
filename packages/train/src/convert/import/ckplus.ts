/**
 * A CK+ tree: `Emotion/S###/###/*_emotion.txt`, `Landmarks/S###/###/*_landmarks.txt` and, when present,
 * `cohn-kanade-images/S###/###/*.png`. Rules of the original's converter: of the n frames of a labelled sequence the first
 * max(1, ⌊0.1 n⌋) are neutral, those after the ⌊0.9 n⌋th show the sequence's expression, the rest is not used.
 */

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { EmotionNetError } from "@emotionnet/core";
import { numberOf } from "../../labels/annotations.ts";
import type { ImportedFace, ImportSource } from "./imported-face.ts";
import { parsePointsText } from "./points-text.ts";

/** Names by CK+'s own ids. */
const EXPRESSIONS = ["neutral", "angry", "contempt", "disgust", "fear", "happy", "sad", "surprise"] as const;
const NEUTRAL_SHARE = 0.1;
const EXPRESSIVE_FROM = 0.9;
const FOLDERS = { emotion: "Emotion", landmarks: "Landmarks", images: "cohn-kanade-images" } as const;

export async function* importCkPlus(source: ImportSource): AsyncGenerator<ImportedFace> {
  const { path } = source;
  const hasImages = (await namesIn(join(path, FOLDERS.images))) !== undefined;
  const persons = await namesIn(join(path, FOLDERS.emotion));
  if (!persons || !(await namesIn(join(path, FOLDERS.landmarks)))) throw missing(path);
  const sequences: Sequence[] = [];
  for (const person of persons) {
    for (const name of (await namesIn(join(path, FOLDERS.emotion, person))) ?? []) {
      const sequence = await readSequence(source, person, name, hasImages);
      if (sequence) sequences.push(sequence);
    }
  }
  source.expect(sequences.reduce((sum, { frames }) => sum + frames.length, 0));
  for (const sequence of sequences) yield* labelledFaces(source, sequence);
}

interface Sequence {
  readonly person: string;
  /** `S###/###`. */
  readonly place: string;
  /** The frames that are used, in order. */
  readonly frames: readonly LabelledFrame[];
}

/** A labelled sequence; nothing for one without label, or with a problem that was told. */
async function readSequence(
  { path, inputs, tell }: ImportSource,
  person: string,
  name: string,
  hasImages: boolean,
): Promise<Sequence | undefined> {
  const place = `${person}/${name}`;
  const list = async (folder: string, ending: RegExp) =>
    ((await namesIn(join(path, folder, place))) ?? []).filter((name) => ending.test(name));
  const labels = await list(FOLDERS.emotion, /_emotion\.txt$/i);
  // An empty emotion folder is how CK+ marks a sequence without label.
  if (labels.length === 0) return undefined;
  const points = await list(FOLDERS.landmarks, /_landmarks\.txt$/i);
  const images = hasImages ? await list(FOLDERS.images, /\.(png|tiff?|jpe?g)$/i) : points;
  if (labels.length > 1 || points.length === 0 || images.length === 0) {
    const received = `${labels.length}, ${points.length} and ${images.length}`;
    const expected = "one emotion file, and landmark and image files";
    tell({ file: `${FOLDERS.emotion}/${place}`, where: "", expected, received, effect: "skipped" });
    return undefined;
  }
  const label = `${FOLDERS.emotion}/${place}/${labels[0]}`;
  const text = await inputs.readText(label);
  if (text === undefined) return undefined;
  const expression = EXPRESSIONS[numberOf(text) ?? -1];
  if (expression === undefined) {
    const received = JSON.stringify(text.trim().slice(0, 40));
    tell({ file: label, line: 1, where: "", expected: "a label from 0 to 7", received, effect: "skipped" });
    return undefined;
  }
  const stems = images.map((image) => image.replace(/(_landmarks)?\.\w+$/i, ""));
  return { person, place, frames: labelledFrames(stems, expression) };
}

async function* labelledFaces(
  { inputs, tell }: ImportSource,
  { person, place, frames }: Sequence,
): AsyncGenerator<ImportedFace> {
  for (const frame of frames) {
    const file = `${FOLDERS.landmarks}/${place}/${frame.name}_landmarks.txt`;
    const text = await inputs.readText(file);
    if (text === undefined) continue;
    const landmarks = parsePointsText(text, file);
    if (landmarks instanceof Float32Array) {
      const image = `${FOLDERS.images}/${place}/${frame.name}.png`;
      yield { person, frame: frame.name, expression: frame.expression, image, landmarks };
    } else tell(landmarks);
  }
}

interface LabelledFrame {
  readonly name: string;
  readonly expression: string;
}

function labelledFrames(frames: readonly string[], expression: string): LabelledFrame[] {
  const neutralCount = Math.max(1, Math.floor(NEUTRAL_SHARE * frames.length));
  const unusedUpTo = Math.max(1, Math.floor(EXPRESSIVE_FROM * frames.length));
  return frames.flatMap((name, index) => {
    if (index < neutralCount) return [{ name, expression: "neutral" }];
    return index >= unusedUpTo ? [{ name, expression }] : [];
  });
}

/** Sorted names in a folder without hidden ones, or nothing when there is no such folder. */
async function namesIn(folder: string): Promise<string[] | undefined> {
  const names = await readdir(folder).catch(() => undefined);
  return names?.filter((name) => !name.startsWith(".")).sort();
}

function missing(path: string): EmotionNetError {
  return new EmotionNetError("dataset-missing", {
    got: `no folders ${FOLDERS.emotion} and ${FOLDERS.landmarks} in ${path}`,
    wanted: "a CK+ tree as its makers give it out",
    mend: "Name the folder that holds them with --source.",
  });
}
