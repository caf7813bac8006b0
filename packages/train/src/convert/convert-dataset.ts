/** dataset_convert: label JSON files → TFRecords of three parts without a common person, in the original's folders. */

import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { EmotionNetError } from "@emotionnet/core";
import { writeWhole } from "@emotionnet/files";
import { type Dataset, personOf } from "../dataset/dataset.ts";
import { type RecordPaths, writeDataset } from "../dataset/dataset-file.ts";
import { joinDatasets, selectSamples } from "../dataset/select.ts";
import { type PersonSplit, splitByPerson, splitPersons } from "../dataset/split.ts";
import { describeProblem, type LabelProblem, summariseProblems } from "../labels/label-problem.ts";
import { readDataCardFile } from "../report/data-card-facts.ts";
import { type DatasetConfig, type DatasetConfigJson, datasetConfig, readDatasetConfig } from "./config.ts";
import { assertAnyKept, countsText, listLabelFiles, type SortedFiles, sortByPerson } from "./label-files.ts";
import { CARD_FILE, type ConversionPaths, combinedRecordPaths, conversionPaths } from "./paths.ts";
import { assertNotInterrupted, type WorkOptions } from "./progress.ts";
import { readPerson } from "./read-person.ts";
import { type StagedFolders, stageFolders, writing } from "./staged-folders.ts";
import { type PartCounts, verifyRecords } from "./verify.ts";
import { frameLine, writePerson } from "./write-person.ts";

export type ConvertOptions = WorkOptions &
  ({ readonly configPath: string } | { readonly config: DatasetConfigJson });

export interface ConversionReport {
  readonly classes: readonly string[];
  /** Label files found. */
  readonly files: number;
  /** Label files left out because their expression is not in `emotion_map`, by expression. */
  readonly dropped: Readonly<Record<string, number>>;
  readonly problems: readonly LabelProblem[];
  readonly persons: PersonSplit;
  readonly samples: PartCounts;
  readonly records: RecordPaths;
}

/**
 * Converts a data set as the config says; the `data-card.json` of its labels goes with it. Everything is written aside, read back and then moved into place, so that an
 * interrupted or failed run changes nothing.
 * @throws EmotionNetError `spec-invalid`, `file-not-found` for the config; `dataset-missing`, `dataset-empty` for the labels;
 * `file-unwritable`, `interrupted`.
 */
export async function convertDataset(options: ConvertOptions): Promise<ConversionReport> {
  const config =
    "config" in options ? datasetConfig(options.config) : await readDatasetConfig(options.configPath);
  const log = options.log ?? (() => {});
  const paths = conversionPaths(config);
  log(`Generate TFRecords of ${config.setName} from label JSON`);
  if (config.isFiltered) log("is_filtered: no list of frames to keep is known, so all are kept");
  const { folder, files } = await listLabelFiles(paths);
  const sorted = sortByPerson(files, config);
  const droppedTotal = Object.values(sorted.dropped).reduce((sum, count) => sum + count, 0);
  if (droppedTotal > 0)
    log(`Dropped ${droppedTotal} label files: ${countsText(sorted.dropped)} (not in emotion_map)`);
  assertAnyKept(sorted, files.length, config, folder);

  const staged = await stageFolders(join(paths.set, "dataset_convert.partial"), [
    paths.userJson,
    paths.records,
    paths.texts,
    paths.combinedRecords,
    paths.combinedTexts,
  ]);
  try {
    log(`Start to parse data of ${sorted.persons.size} persons in ${folder}`);
    const { datasets, problems } = await convertPersons(folder, sorted, config, paths, staged, options);
    const all = joinDatasets(datasets);
    logProblems([...sorted.problems, ...problems], log);
    const report = await writeParts(all, paths, staged, [...sorted.problems, ...problems], log);
    assertNotInterrupted(options.signal);
    await staged.publish();
    await keepCard(paths);
    for (const made of [
      paths.userJson,
      paths.records,
      paths.texts,
      paths.combinedRecords,
      paths.combinedTexts,
    ])
      log(made);
    return { ...report, classes: config.classes, files: files.length, dropped: sorted.dropped };
  } catch (error) {
    await staged.discard();
    throw error;
  }
}

/** The records say as much about where they come from, on which terms and whether they are simulated as their labels did. */
async function keepCard({ source, set }: ConversionPaths): Promise<void> {
  const card = await readDataCardFile(source);
  const path = join(set, CARD_FILE);
  if (card && resolve(card.path) !== resolve(path)) await writing(set, () => writeWhole(path, card.text));
}

async function convertPersons(
  folder: string,
  { persons }: SortedFiles,
  config: DatasetConfig,
  paths: ConversionPaths,
  staged: StagedFolders,
  { onProgress, signal }: WorkOptions,
): Promise<{ datasets: Dataset[]; problems: LabelProblem[] }> {
  const folders = {
    userJson: staged.at(paths.userJson),
    texts: staged.at(paths.texts),
    records: staged.at(paths.records),
  };
  const datasets: Dataset[] = [];
  const problems: LabelProblem[] = [];
  let done = 0;
  for (const [person, files] of persons) {
    assertNotInterrupted(signal);
    const samples = await readPerson(folder, person, files, config);
    for (const problem of samples.problems) problems.push(problem);
    if (samples.dataset.count > 0) {
      await writing(paths.groundTruth, () => writePerson(folders, samples));
      datasets.push(samples.dataset);
    }
    done++;
    onProgress?.({ done, total: persons.size, label: "Converting persons", detail: person });
  }
  return { datasets, problems };
}

/** A split needs one person for each part. */
const FEWEST_PERSONS = 3;

async function writeParts(
  all: Dataset,
  paths: ConversionPaths,
  staged: StagedFolders,
  problems: readonly LabelProblem[],
  log: (line: string) => void,
): Promise<Pick<ConversionReport, "persons" | "samples" | "records" | "problems">> {
  log("Start to split data");
  const persons = splitPersons(all.names.map(personOf));
  const personCount = persons.train.length + persons.validate.length + persons.test.length;
  if (personCount < FEWEST_PERSONS) {
    throw new EmotionNetError("dataset-empty", {
      got: `usable labels of ${personCount} ${personCount === 1 ? "person" : "persons"}`,
      wanted: `at least ${FEWEST_PERSONS}: one each to train, to validate and to test on`,
      mend: "Add labels of more persons; the person is the part of a file name before its first _.",
    });
  }
  log(`Test: ${listText(persons.test)}`);
  log(`Validation ${listText(persons.validate)}`);
  log(`Train ${listText(persons.train)}`);
  const split = splitByPerson(all.names);
  const stagedPaths = combinedRecordPaths(staged.at(paths.combinedRecords));
  for (const part of ["train", "validate", "test"] as const) {
    const dataset = selectSamples(all, split[part]);
    await writeDataset(stagedPaths[part], dataset);
    const lines = dataset.names.map((_, index) => `${frameLine(dataset, index)}\n`);
    await writing(paths.combinedTexts, () =>
      writeFile(join(staged.at(paths.combinedTexts), `${part}.txt`), lines.join("")),
    );
  }
  const samples = { train: split.train.length, validate: split.validate.length, test: split.test.length };
  await verifyRecords(stagedPaths, all, samples);
  log(`Samples: train ${samples.train}, validate ${samples.validate}, test ${samples.test}`);
  await writing(paths.combinedTexts, () =>
    writeFile(
      join(staged.at(paths.combinedTexts), "problems.txt"),
      problems.map((problem) => `${describeProblem(problem)}\n`).join(""),
    ),
  );
  return { persons, samples, problems, records: combinedRecordPaths(paths.combinedRecords) };
}

/** Problems shown one by one; all of them stand in GT_combined/problems.txt. */
const MOST_SHOWN = 20;

function logProblems(problems: readonly LabelProblem[], log: (line: string) => void): void {
  for (const problem of problems.slice(0, MOST_SHOWN)) log(describeProblem(problem));
  if (problems.length <= MOST_SHOWN) return;
  log(`… and ${problems.length - MOST_SHOWN} more, all listed in GT_combined/problems.txt. In short:`);
  for (const line of summariseProblems(problems)) log(line);
}

/** A list as Python prints it. */
function listText(items: readonly string[]): string {
  return `[${items.map((item) => `'${item}'`).join(", ")}]`;
}
