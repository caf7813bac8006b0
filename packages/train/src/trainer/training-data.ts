/** The training and validation faces that a spec names: read from records, or drawn. */

import { basename } from "node:path";
import type { Dataset } from "../dataset/dataset.ts";
import { readDataset } from "../dataset/dataset-file.ts";
import { sha256OfFile } from "../dataset/file-hash.ts";
import { joinDatasets } from "../dataset/select.ts";
import {
  countsOfDrawn,
  type DrawnSet,
  type DrawnTraining,
  drawnTraining,
  spreadOfDrawn,
} from "../generator/drawn-faces.ts";
import { generateFaces } from "../generator/generate-faces.ts";
import type { DataCardInput } from "../report/data-card.ts";
import { readDataCardFacts, setFolderOf } from "../report/data-card-facts.ts";
import { schemeOfSpec } from "../spec/read-spec.ts";
import { type RecordPart, recordFilesOf } from "../spec/record-files.ts";
import type { TrainingSpec } from "../spec/training-spec.ts";

export interface TrainingData {
  readonly train: Dataset | DrawnTraining;
  readonly validation: Dataset;
  /** SHA-256 of the record files by name. */
  readonly hashes: Readonly<Record<string, string>>;
  /** Landmarks (count × inputs of the network) of training faces, all or some, any unit. */
  readonly someLandmarks: () => Float32Array;
  /** What the data card says of each set. */
  readonly cards: readonly DataCardInput[];
}

type SyntheticSets = NonNullable<TrainingSpec["dataloader"]["dataset_info"]["synthetic"]>;

/** @throws EmotionNetError like `readDataset` and `recordFilesOf`. */
export async function trainingData(spec: TrainingSpec): Promise<TrainingData> {
  const { synthetic } = spec.dataloader.dataset_info;
  return synthetic && synthetic.length > 0 ? drawnData(synthetic) : recordedData(spec);
}

async function recordedData(spec: TrainingSpec): Promise<TrainingData> {
  const train = await readRecords(spec, "train");
  const validation = await readRecords(spec, "validate");
  const folders = recordFilesOf(spec, "train").map(setFolderOf);
  const trained = joinDatasets(train.datasets);
  return {
    train: trained,
    validation: joinDatasets(validation.datasets),
    hashes: { ...train.hashes, ...validation.hashes },
    someLandmarks: () => trained.landmarks,
    cards: await Promise.all(
      folders.map(async (folder, set) => ({
        name: basename(folder),
        facts: await readDataCardFacts(folder),
        parts: [
          { name: "train", dataset: train.datasets[set]! },
          { name: "validate", dataset: validation.datasets[set]! },
        ],
      })),
    ),
  };
}

/** Enough for the statistics of a batch norm. */
const SOME_FACES = 1024;

function drawnData(sets: SyntheticSets): TrainingData {
  const train = drawnTraining(sets.map(drawnSet));
  const validation = joinDatasets(
    sets.map((set, index) =>
      generateFaces({
        ...train.sets[index]!,
        firstPerson: set.persons,
        persons: set.validation_persons ?? Math.ceil(set.persons / 10),
      }),
    ),
  );
  const counts = (labels: Int32Array, id: number) => labels.filter((label) => label === id).length;
  return {
    train,
    validation,
    hashes: {},
    someLandmarks: () => spreadOfDrawn(train, SOME_FACES),
    cards: [
      {
        name: "synthetic",
        facts: {
          simulated: true,
          description: "Synthetic landmarks, drawn anew for every epoch; no person's picture.",
          split: "by person; validation shows further persons",
          ...(sets.length === 1 ? { protocol: sets[0]!.protocol, seed: sets[0]!.seed } : {}),
          counts: {
            "train, each epoch": countsOfDrawn(train),
            validate: Object.fromEntries(
              validation.classes.map((name, id) => [name, counts(validation.labels, id)]),
            ),
          },
        },
      },
    ],
  };
}

function drawnSet(set: SyntheticSets[number]): DrawnSet {
  const { persons, samples_per_person: samplesPerPerson, seed, protocol, posed_share: posed, sources } = set;
  return {
    persons,
    samplesPerPerson,
    seed,
    protocol,
    ...(posed === null ? {} : { posedShare: posed }),
    ...(sources === null ? {} : { sources }),
  };
}

/** The samples of one part of each of a spec's sets, with the SHA-256 of their files. */
async function readRecords(
  spec: TrainingSpec,
  part: RecordPart,
): Promise<{ readonly datasets: readonly Dataset[]; readonly hashes: Record<string, string> }> {
  const paths = recordFilesOf(spec, part);
  const datasets: Dataset[] = [];
  const hashes: Record<string, string> = {};
  for (const [index, path] of paths.entries()) {
    datasets.push(await readDataset(path, spec.class_list, schemeOfSpec(spec)));
    const set = paths.length > 1 ? `${index + 1}/` : "";
    hashes[set + basename(path)] = await sha256OfFile(path);
  }
  return { datasets, hashes };
}
