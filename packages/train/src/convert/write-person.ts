/** The three files of one person: regrouped JSON, a text to look at, and TFRecords. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Dataset, faceAt } from "../dataset/dataset.ts";
import { writeDataset } from "../dataset/dataset-file.ts";
import type { PersonSamples } from "./read-person.ts";
import { verifyFile } from "./verify.ts";

export interface PersonFolders {
  readonly userJson: string;
  readonly texts: string;
  readonly records: string;
}

const INDENT = 4;

/** Writes the files of one person; the records are read back. @throws EmotionNetError `dataset-damaged`, `file-unwritable`. */
export async function writePerson(folders: PersonFolders, samples: PersonSamples): Promise<void> {
  const { person, dataset, boxes, images } = samples;
  await writeFile(join(folders.userJson, `${person}.json`), `${JSON.stringify(images, undefined, INDENT)}\n`);
  const lines = boxes.map((box, index) => {
    const points = faceAt(dataset, index);
    return `${frameLine(dataset, index)} ${box.x} ${box.y} ${box.width} ${box.height} ${points.join(" ")}\n`;
  });
  await writeFile(join(folders.texts, `${person}.txt`), lines.join(""));
  const records = join(folders.records, `${person}.tfrecords`);
  await writeDataset(records, dataset);
  await verifyFile(records, dataset, dataset.count);
}

/** `frame class id`: the start of a line of the text files. */
export function frameLine(dataset: Dataset, index: number): string {
  const label = dataset.labels[index]!;
  return `${dataset.names[index]} ${dataset.classes[label]} ${label}`;
}
