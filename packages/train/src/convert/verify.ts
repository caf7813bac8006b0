/** What was written is read back: every checksum, every count, and no person in two parts. */

import { EmotionNetError } from "@emotionnet/core";
import { type Dataset, personOf } from "../dataset/dataset.ts";
import { type RecordPaths, readDataset } from "../dataset/dataset-file.ts";

/** Samples that each part must hold. */
export interface PartCounts {
  readonly train: number;
  readonly validate: number;
  readonly test: number;
}

/** What the records are of. */
type RecordForm = Pick<Dataset, "classes" | "scheme">;

const PARTS = ["train", "validate", "test"] as const;

/**
 * Reads the three files of a set and checks them.
 * @throws EmotionNetError `dataset-damaged` with the record's number, `persons-mixed` when a person is in two parts.
 */
export async function verifyRecords(
  paths: RecordPaths,
  form: RecordForm,
  expected: PartCounts,
): Promise<void> {
  const partOfPerson = new Map<string, string>();
  for (const part of PARTS) {
    const names = await verifyFile(paths[part], form, expected[part]);
    for (const person of new Set(names.map(personOf))) {
      const other = partOfPerson.get(person);
      if (other !== undefined) throw personsMixed(person, other, part);
      partOfPerson.set(person, part);
    }
  }
}

/** Reads a file back and returns its frame names. @throws EmotionNetError `dataset-damaged`. */
export async function verifyFile(
  path: string,
  { classes, scheme }: RecordForm,
  expected: number,
): Promise<readonly string[]> {
  const { count, names } = await readDataset(path, classes, scheme);
  if (count === expected) return names;
  throw new EmotionNetError("dataset-damaged", {
    got: `${count} records in ${path}`,
    wanted: `${expected}`,
    mend: "Check the disk and convert again.",
  });
}

function personsMixed(person: string, part: string, otherPart: string): EmotionNetError {
  return new EmotionNetError("persons-mixed", {
    got: `pictures of person ${person} in both ${part} and ${otherPart}`,
    wanted: "every person in one part only, so that a test is on strangers",
    mend: "Convert the labels again; do not mix record files of different conversions.",
  });
}
