/** Other people's data sets → label JSON files that dataset_convert reads, with a data card. */

import { stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { EmotionNetError } from "@emotionnet/core";
import { nameToken, parseLabelName } from "../../labels/label-name.ts";
import { describeProblem, type LabelProblem } from "../../labels/label-problem.ts";
import { labelJson } from "../../labels/write-labels.ts";
import { CARD_FILE, IMPORT_FOLDER, LABEL_FOLDER } from "../paths.ts";
import { assertNotInterrupted, type WorkOptions } from "../progress.ts";
import { stageFolders, writing } from "../staged-folders.ts";
import { importCkPlus } from "./ckplus.ts";
import { importCsv } from "./csv.ts";
import { type DataCard, dataCard, FaceCounts } from "./data-card.ts";
import type { ImportedFace, Importer } from "./imported-face.ts";
import { inputFiles } from "./input-files.ts";
import { importMultiPie } from "./multipie.ts";
import { type LandmarkReader, photoImporter } from "./photos.ts";

/** Data that can be imported. */
export const IMPORT_FORMATS = ["multipie", "ckplus", "csv", "photos"] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

const IMPORTERS: Readonly<Record<ImportFormat, (options: ImportOptions) => Importer>> = {
  multipie: () => importMultiPie,
  ckplus: () => importCkPlus,
  csv: () => importCsv,
  photos: ({ readLandmarks }) => photoImporter(readLandmarks),
};

export interface ImportOptions extends WorkOptions {
  readonly from: ImportFormat;
  /** Folder (multipie, ckplus, photos) or file (csv) of the data. */
  readonly source: string;
  /** Folder of the set, `<org_data_path>/<set_name>`: labels go to its `data_factory/fiducial`. */
  readonly target: string;
  /** Under what terms the data may be used. */
  readonly licence: string | undefined;
  /** Finds the faces in a photo; needed for `photos` alone. */
  readonly readLandmarks?: LandmarkReader;
}

export interface ImportReport {
  readonly card: DataCard;
  readonly labels: string;
  readonly cardPath: string;
  readonly problems: readonly LabelProblem[];
}

/**
 * Imports a data set. Everything is written aside and moved into place at the end. Labels of an earlier import are replaced,
 * labels that came from elsewhere are not.
 * @throws EmotionNetError `usage` without a licence, `dataset-exists`, `dataset-missing`, `dataset-empty`, `dataset-damaged`,
 * `persons-mixed` when two persons would get one name, `file-unwritable`, `interrupted`.
 */
export async function importLabels(options: ImportOptions): Promise<ImportReport> {
  const licence = assertLicence(options.licence);
  const labels = join(options.target, LABEL_FOLDER);
  const about = join(options.target, IMPORT_FOLDER);
  const cardPath = join(about, CARD_FILE);
  await assertReplaceable(labels, cardPath);
  const importer = IMPORTERS[options.from](options);
  const problems: LabelProblem[] = [];
  const tell = (problem: LabelProblem) => problems.push(problem);
  const root = options.from === "csv" ? dirname(options.source) : options.source;
  const inputs = inputFiles(root, tell);
  const staged = await stageFolders(join(options.target, "import.partial"), [labels, about]);
  try {
    const counts = new FaceCounts();
    const names = new LabelNames();
    let total = 0;
    const expect = (faces: number) => {
      total = faces;
    };
    for await (const face of importer({ path: options.source, inputs, tell, expect })) {
      assertNotInterrupted(options.signal);
      const stem = names.add(face, tell);
      if (stem === undefined) continue;
      await writing(labels, () => writeFile(join(staged.at(labels), `${stem}.json`), labelJson(face)));
      counts.add(face.person, nameToken(face.expression).toLowerCase(), face.slices ?? {});
      options.onProgress?.({ done: counts.faces, total, label: "Importing faces", detail: face.frame });
    }
    if (counts.faces === 0) throw nothingFound(options, problems);
    const inputList = inputs.lines.map((line) => `${line}\n`).join("");
    const leftOut = problems.filter(({ effect }) => effect === "skipped").length;
    const personsKnown = !names.areNumbered;
    const card = dataCard(counts, { from: options.from, licence, personsKnown, leftOut, inputList });
    await writing(about, async () => {
      const at = staged.at(about);
      await writeFile(join(at, CARD_FILE), `${JSON.stringify(card, undefined, 2)}\n`);
      await writeFile(join(at, "inputs.sha256"), inputList);
      await writeFile(
        join(at, "problems.txt"),
        problems.map((problem) => `${describeProblem(problem)}\n`).join(""),
      );
    });
    assertNotInterrupted(options.signal);
    await staged.publish();
    logCard(card, problems, options);
    return { card, labels, cardPath, problems };
  } catch (error) {
    await staged.discard();
    throw error;
  }
}

function assertLicence(licence: string | undefined): string {
  if (licence?.trim()) return licence.trim();
  throw new EmotionNetError("usage", {
    got: "no licence for the data to import",
    wanted:
      "a word on the terms under which the data may be used; it goes into the data card and on to the model",
    mend: `Add it, for example --licence "CMU Multi-PIE, internal research" or --licence "CC BY 4.0".`,
  });
}

async function assertReplaceable(labels: string, cardPath: string): Promise<void> {
  const exists = async (path: string) => (await stat(path).catch(() => undefined)) !== undefined;
  if (!(await exists(labels)) || (await exists(cardPath))) return;
  throw new EmotionNetError("dataset-exists", {
    got: `labels in ${labels} that no import has written`,
    wanted: "no labels there, or those of an earlier import",
    mend: "Move them away or choose another set_name; to convert them as they are, leave --from out.",
  });
}

/** Names of label files: one file a frame, and one person behind the first part of a name. */
class LabelNames {
  readonly #frames = new Set<string>();
  readonly #persons = new Map<string, string>();
  readonly #expressions = new Map<string, string>();
  /** Whether every person is a line or photo number, that is, nobody is known. */
  areNumbered = true;

  /** The name without ending, or nothing when the frame was there before. */
  add(face: ImportedFace, tell: (problem: LabelProblem) => void): string | undefined {
    const stem = `${face.frame}_${nameToken(face.expression)}`;
    const name = parseLabelName(stem);
    const before = name && this.#persons.get(name.person);
    if (!name || (before !== undefined && before !== face.person)) throw personsMixed(face, before);
    const expression = face.expression.trim().toLowerCase();
    const other = this.#expressions.get(name.expression) ?? expression;
    if (other !== expression) throw expressionsMixed(expression, other);
    this.#expressions.set(name.expression, expression);
    if (this.#frames.has(face.frame)) {
      const received = `${face.frame} again`;
      tell({ file: face.image, where: "", expected: "a frame of its own", received, effect: "skipped" });
      return undefined;
    }
    this.#frames.add(face.frame);
    this.#persons.set(name.person, face.person);
    this.areNumbered &&= /^(line|photo)\d+$/.test(face.person);
    return stem;
  }
}

function personsMixed(face: ImportedFace, before: string | undefined): EmotionNetError {
  return new EmotionNetError("persons-mixed", {
    got: `persons ${JSON.stringify(before ?? "")} and ${JSON.stringify(face.person)}, whose file names would start alike`,
    wanted: "names that differ in letters, digits, - or .",
    mend: "Rename one of them, so that the split can tell them apart.",
  });
}

function expressionsMixed(expression: string, other: string): EmotionNetError {
  return new EmotionNetError("dataset-damaged", {
    got: `the labels ${JSON.stringify(other)} and ${JSON.stringify(expression)}, whose file names would end alike`,
    wanted: "labels that differ in letters, digits, - or .",
    mend: "Rename one of them in the data.",
  });
}

function nothingFound(options: ImportOptions, problems: readonly LabelProblem[]): EmotionNetError {
  const first = problems[0]
    ? ` The first problem of ${problems.length}: ${describeProblem(problems[0])}.`
    : "";
  return new EmotionNetError("dataset-empty", {
    got: `no usable face in ${options.source}`,
    wanted: `data in the form of ${options.from}`,
    mend: `Check the path and --from.${first}`,
  });
}

const MOST_SHOWN = 20;

function logCard(card: DataCard, problems: readonly LabelProblem[], { log = () => {} }: WorkOptions): void {
  for (const problem of problems.slice(0, MOST_SHOWN)) log(describeProblem(problem));
  if (problems.length > MOST_SHOWN)
    log(`… and ${problems.length - MOST_SHOWN} more, all in import/problems.txt`);
  const counts = Object.entries(card.facesByExpression).map(([name, count]) => `${name} ${count}`);
  log(`Imported ${card.faces} faces of ${card.persons} persons: ${counts.join(", ")}`);
  if (!card.personsKnown) {
    log(
      "The data do not say who is who: the same person may be in training and in test, so test figures can flatter.",
    );
  }
}
