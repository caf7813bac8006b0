/** Spec files: read, check what spans several keys, and say which network they describe. */

import { readFile } from "node:fs/promises";
import {
  EmotionNetError,
  type ErrorParts,
  EXPRESSIONS,
  LANDMARK_COUNT,
  landmarkValues,
  type ModelScheme,
  modelSchemeOf,
  type NetworkSpec,
  nearestWord,
  networkSpec,
  PROFILES,
} from "@emotionnet/core";
import { type TrainingSpec, trainingSpecField } from "./training-spec.ts";
import { lineOfKey, parseYaml } from "./yaml-tree.ts";

/**
 * Reads a training spec file.
 * @throws EmotionNetError `file-not-found`, or `spec-invalid` naming line, key and what would be right.
 */
export async function readTrainingSpec(path: string): Promise<TrainingSpec> {
  let source: string;
  try {
    source = await readFile(path, "utf8");
  } catch (cause) {
    throw new EmotionNetError(
      "file-not-found",
      {
        got: `no readable file at ${path}`,
        wanted: "a training spec in YAML",
        mend: "Check the path, or start from examples/specs/compact.yaml.",
      },
      { cause },
    );
  }
  return parseTrainingSpec(source, path);
}

/** The same for text; `source` names it in messages. */
export function parseTrainingSpec(text: string, source = "the spec"): TrainingSpec {
  const tree = parseYaml(text, source);
  const spec = trainingSpecField.read(tree, { source, path: "" });
  const problem = contradictionIn(spec);
  if (!problem) return spec;
  const { got, wanted, mend, key } = problem;
  const line = lineOfKey(tree, key.split("."));
  throw new EmotionNetError("spec-invalid", { got: `${got} on line ${line} of ${source}`, wanted, mend });
}

/** The landmark scheme that a spec trains on. */
export function schemeOfSpec({ dataloader }: TrainingSpec): ModelScheme {
  return modelSchemeOf(dataloader.num_keypoints)!;
}

/** The network that a spec describes. */
export function networkOfSpec(spec: TrainingSpec): NetworkSpec {
  const parameters = spec.model.model_parameters;
  const hidden = parameters.hidden_layers ?? PROFILES[parameters.profile ?? "reference"];
  return networkSpec(hidden, {
    inputs: landmarkValues(schemeOfSpec(spec)),
    classes: spec.class_list,
    batchNorm: parameters.use_batch_norm,
    dropout: parameters.dropout_rate,
  });
}

/** Class weights by class id, or nothing when the spec gives none. */
export function classWeightsOfSpec(spec: TrainingSpec): number[] | undefined {
  const weights = spec.loss.class_weights_dict;
  return weights ? spec.class_list.map((name, id) => weights[name] ?? weights[id] ?? 1) : undefined;
}

/** Something that only several keys together show; `key` is the dotted path of the one to change. */
interface Contradiction extends ErrorParts {
  readonly key: string;
}

function contradictionIn(spec: TrainingSpec): Contradiction | undefined {
  const { class_list: classes, loss, optimizer } = spec;
  const parameters = spec.model.model_parameters;
  const schedule = optimizer.learning_rate_schedule;
  if (!spec.use_landmarks_input || !parameters.use_landmarks_input) {
    return {
      key: spec.use_landmarks_input ? "model.model_parameters.use_landmarks_input" : "use_landmarks_input",
      got: "use_landmarks_input: False",
      wanted: "True",
      mend: "Train on landmarks: images are not an input of this network.",
    };
  }
  if (classes.length < 2 || new Set(classes).size < classes.length) {
    return {
      key: "class_list",
      got: `the class_list [${classes.join(", ")}]`,
      wanted: "two or more different names",
      mend: "Name each class once.",
    };
  }
  if (parameters.num_class !== null && parameters.num_class !== classes.length) {
    return {
      key: "model.model_parameters.num_class",
      got: `num_class ${parameters.num_class} with ${classes.length} names in class_list`,
      wanted: "the same number",
      mend: "Change num_class, or leave it out.",
    };
  }
  if (parameters.hidden_layers && parameters.profile) {
    return {
      key: "model.model_parameters.profile",
      got: "both hidden_layers and profile",
      wanted: "one of them",
      mend: "Remove one of the two lines.",
    };
  }
  if (schedule.min_learning_rate > schedule.base_learning_rate) {
    return {
      key: "optimizer.learning_rate_schedule.min_learning_rate",
      got: `min_learning_rate ${schedule.min_learning_rate} above base_learning_rate ${schedule.base_learning_rate}`,
      wanted: "a minimum below the base",
      mend: "Swap the two numbers.",
    };
  }
  const aboutFaces = syntheticContradiction(spec);
  if (aboutFaces) return aboutFaces;
  const layers = networkOfSpec(spec).hidden.length + 1;
  if (parameters.frozen_blocks >= layers) {
    return {
      key: "model.model_parameters.frozen_blocks",
      got: `frozen_blocks ${parameters.frozen_blocks} for a network of ${layers} layers`,
      wanted: `at most ${layers - 1}, so that something is left to train`,
      mend: "Freeze fewer layers; the original's value is 2.",
    };
  }
  const ids = classes.map((_, id) => String(id));
  const stranger = Object.keys(loss.class_weights_dict ?? {}).find(
    (name) => !classes.includes(name) && !ids.includes(name),
  );
  if (stranger === undefined) return undefined;
  const nearest = nearestWord(stranger, classes);
  return {
    key: `loss.class_weights_dict.${stranger}`,
    got: `"${stranger}" in class_weights_dict`,
    wanted: `names or ids of ${classes.join(", ")}`,
    mend: nearest ? `Did you mean "${nearest}"?` : "Write the name as in class_list.",
  };
}

function syntheticContradiction({
  class_list: classes,
  dataloader,
}: TrainingSpec): Contradiction | undefined {
  const { synthetic, tfrecords_directory_path: folders, tfrecords_set_id: sets } = dataloader.dataset_info;
  if (!synthetic || synthetic.length === 0) return undefined;
  const key = "dataloader.dataset_info.synthetic";
  if (folders.length > 0 || sets.length > 0) {
    return {
      key,
      got: "both synthetic faces and records",
      wanted: "one of them",
      mend: "Remove synthetic, or tfrecords_directory_path and tfrecords_set_id.",
    };
  }
  if (classes.join() !== EXPRESSIONS.join()) {
    return {
      key,
      got: `synthetic faces with the class_list [${classes.join(", ")}]`,
      wanted: `the classes that are drawn: ${EXPRESSIONS.join(", ")}`,
      mend: "Leave class_list out.",
    };
  }
  if (dataloader.num_keypoints !== LANDMARK_COUNT) {
    return {
      key: "dataloader.num_keypoints",
      got: `synthetic faces with num_keypoints ${dataloader.num_keypoints}`,
      wanted: `${LANDMARK_COUNT}, the points of synthetic faces`,
      mend: "Change num_keypoints, or train on records.",
    };
  }
  const seeds = synthetic.map(({ seed }) => seed);
  const twin = seeds.find((seed, index) => seeds.indexOf(seed) < index);
  if (twin !== undefined) {
    return {
      key,
      got: `two synthetic sets of the seed ${twin}`,
      wanted: "other persons in each, so that nobody is both trained on and validated with",
      mend: "Give each set a seed of its own.",
    };
  }
  const isMute = synthetic.some(
    ({ sources }) => sources && Object.values(sources).every((share) => share === 0),
  );
  if (!isMute) return undefined;
  return {
    key,
    got: "sources of synthetic faces that are all 0",
    wanted: "at least one above 0",
    mend: "Leave sources out to get the usual mixture.",
  };
}
