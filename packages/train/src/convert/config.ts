/** The JSON config of dataset_convert: the original's keys, every one checked. */

import { readFile } from "node:fs/promises";
import {
  EmotionNetError,
  LANDMARK_COUNT,
  type ModelScheme,
  modelSchemeOf,
  nearestWord,
} from "@emotionnet/core";
import { JsonTextError, memberPath, parseJsonText } from "../labels/json-text.ts";
import { showValue } from "../labels/label-problem.ts";

/** A checked config. */
export interface DatasetConfig {
  /** Folder of the results: `Ground_Truth_<suffix>`. */
  readonly groundTruthFolderSuffix: string;
  readonly isFiltered: boolean;
  /** Name of the set: its folder under both data paths. */
  readonly setName: string;
  readonly isDatafactory: boolean;
  readonly orgDataPath: string;
  readonly postDataPath: string;
  /** Points of each face that go into the records. */
  readonly scheme: ModelScheme;
  /** Expression names in lower case → class ids. */
  readonly emotionMap: ReadonlyMap<string, number>;
  /** Class names by id; the first name of an id when several share it. */
  readonly classes: readonly string[];
}

/** A config as JSON, with the original's key names. */
export type DatasetConfigJson = Readonly<Record<string, unknown>>;

interface ConfigProblem {
  readonly path: string;
  readonly message: string;
}

/**
 * Reads and checks a config file.
 * @throws EmotionNetError `file-not-found`, `spec-invalid` with the line of every wrong key.
 */
export async function readDatasetConfig(path: string): Promise<DatasetConfig> {
  const text = await readFile(path, "utf8").catch((cause) => {
    throw new EmotionNetError(
      "file-not-found",
      {
        got: `${path}, which cannot be read (${cause.code})`,
        wanted: "the JSON config of a data set",
        mend: "Check the path given with -c.",
      },
      { cause },
    );
  });
  try {
    const { value, lineOf } = parseJsonText(text);
    return checkConfig(value, (problem) => `${path}:${lineOf(problem.path)} ${problem.message}`);
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    throw invalid([`${path}:${error.line} expected ${error.expected}, received ${error.received}`]);
  }
}

/** Checks a config that is already in memory. @throws EmotionNetError `spec-invalid`. */
export function datasetConfig(json: DatasetConfigJson): DatasetConfig {
  return checkConfig(json, (problem) => problem.message);
}

function invalid(messages: readonly string[]): EmotionNetError {
  return new EmotionNetError("spec-invalid", {
    got: `a data set config with ${messages.length === 1 ? "this problem" : `${messages.length} problems`}:\n  ${messages.join("\n  ")}\n`,
    wanted: `a JSON object with the keys ${Object.keys(CHECKS).join(", ")}`,
    mend: "Correct the lines named above.",
  });
}

const REQUIRED = Symbol("required");

interface Check {
  readonly expected: string;
  /** Value of a key that is left out. */
  readonly fallback: unknown;
  isRight(value: unknown): boolean;
}

const isText = (value: unknown): value is string => typeof value === "string" && value.trim() !== "";
const isFolderName = (value: unknown) => isText(value) && !/[/\\\0]|^\.\.?$/.test(value);
const isBoolean = (value: unknown) => typeof value === "boolean";
const isObject = (value: unknown): value is DatasetConfigJson =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const CHECKS: Readonly<Record<string, Check>> = {
  ground_truth_folder_suffix: {
    expected: `the end of a folder name such as "DataFactory"`,
    fallback: "DataFactory",
    isRight: isFolderName,
  },
  is_filtered: { expected: "true or false", fallback: false, isRight: isBoolean },
  set_name: {
    expected: `the name of the set's folder, such as "multipie"`,
    fallback: REQUIRED,
    isRight: isFolderName,
  },
  is_datafactory: { expected: "true or false", fallback: true, isRight: isBoolean },
  org_data_path: { expected: "the path of the input folder", fallback: REQUIRED, isRight: isText },
  post_data_path: { expected: "the path of the output folder", fallback: REQUIRED, isRight: isText },
  num_keypoints: {
    expected: "a number of points: 68, 80 or 104",
    fallback: LANDMARK_COUNT,
    isRight: (value) => modelSchemeOf(value as number) !== undefined,
  },
  emotion_map: {
    expected: `an object of class ids by name, such as {"neutral": 0, "happy": 1}`,
    fallback: REQUIRED,
    isRight: (value) => isObject(value) && Object.keys(value).length > 0,
  },
};

function checkConfig(value: unknown, describe: (problem: ConfigProblem) => string): DatasetConfig {
  if (!isObject(value))
    throw invalid([describe({ path: "", message: `expected an object, received ${showValue(value)}` })]);
  const problems: ConfigProblem[] = [];
  for (const key of Object.keys(value)) {
    if (CHECKS[key]) continue;
    const nearest = nearestWord(key, Object.keys(CHECKS));
    const hint = nearest ? `; did you mean "${nearest}"?` : "";
    problems.push({ path: key, message: `"${key}" is no key of this file${hint}` });
  }
  const settled: Record<string, unknown> = {};
  for (const [key, { expected, fallback, isRight }] of Object.entries(CHECKS)) {
    const given = value[key];
    settled[key] = given === undefined ? fallback : given;
    if (given === undefined ? fallback === REQUIRED : !isRight(given)) {
      problems.push({ path: key, message: `"${key}": expected ${expected}, received ${showValue(given)}` });
    }
  }
  if (isObject(settled.emotion_map)) problems.push(...emotionMapProblems(settled.emotion_map));
  if (problems.length > 0) throw invalid(problems.map(describe));
  return configFrom(settled);
}

/** Ids are whole numbers that count from 0 without a gap; names differ in more than their case. */
function emotionMapProblems(map: DatasetConfigJson): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const names = new Set<string>();
  for (const [name, id] of Object.entries(map)) {
    const path = memberPath("emotion_map", name);
    const lower = name.toLowerCase();
    if (names.has(lower))
      problems.push({ path, message: `"emotion_map": "${name}" stands twice (case aside)` });
    names.add(lower);
    if (name.trim() === "" || name.includes("_")) {
      problems.push({
        path,
        message: `"emotion_map": expected a name without "_" (names come from the last "_" part of a file name), received "${name}"`,
      });
    }
    if (!Number.isInteger(id) || (id as number) < 0) {
      problems.push({
        path,
        message: `"emotion_map": expected a whole number from 0 for "${name}", received ${showValue(id)}`,
      });
    }
  }
  const ids = new Set(Object.values(map));
  const gap = Array.from({ length: ids.size }, (_, id) => id).find((id) => !ids.has(id));
  if (problems.length === 0 && gap !== undefined) {
    problems.push({
      path: "emotion_map",
      message: `"emotion_map": expected ids that count from 0 without a gap, received none for ${gap}`,
    });
  }
  return problems;
}

function configFrom(settled: DatasetConfigJson): DatasetConfig {
  const map = Object.entries(settled.emotion_map as Record<string, number>);
  const emotionMap = new Map(map.map(([name, id]) => [name.toLowerCase(), id]));
  const classes: string[] = [];
  for (const [name, id] of emotionMap) classes[id] ??= name;
  return {
    groundTruthFolderSuffix: settled.ground_truth_folder_suffix as string,
    isFiltered: settled.is_filtered as boolean,
    setName: settled.set_name as string,
    isDatafactory: settled.is_datafactory as boolean,
    orgDataPath: settled.org_data_path as string,
    postDataPath: settled.post_data_path as string,
    scheme: modelSchemeOf(settled.num_keypoints as number)!,
    emotionMap,
    classes,
  };
}
