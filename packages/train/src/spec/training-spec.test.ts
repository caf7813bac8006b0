import { fileURLToPath } from "node:url";
import { EXPRESSIONS } from "@emotionnet/core";
import { describe, expect, it } from "vitest";
import { classWeightsOfSpec, networkOfSpec, parseTrainingSpec, readTrainingSpec } from "./read-spec.ts";

const examples = fileURLToPath(new URL("../../../../examples/specs/", import.meta.url));

function problemOf(text: string): unknown {
  try {
    return parseTrainingSpec(text, "spec.yaml");
  } catch (error) {
    return error;
  }
}

const saying = (...parts: string[]) =>
  expect.objectContaining({
    code: "spec-invalid",
    message: expect.stringMatching(new RegExp(parts.join("[^]*"))),
  });

describe("the training spec", () => {
  it("reads TAO's full spec with anchors, merge keys, bare None and class names", async () => {
    const spec = await readTrainingSpec(`${examples}reference.yaml`);
    expect(spec.loss.class_weights_dict).toBeNull();
    expect(spec.dataloader.batch_size).toBe(64);
    expect(spec.evaluator.dataloader.batch_size).toBe(1);
    expect(spec.evaluator.dataloader.dataset_info.tfrecords_set_id).toEqual(["synthetic"]);
    expect(spec.optimizer.epsilon).toBe(1e-8);
    expect(networkOfSpec(spec)).toMatchObject({ hidden: [512, 512, 512, 512, 512], dropout: 0.3 });
  });

  it("reads the other examples", async () => {
    const small = await readTrainingSpec(`${examples}small.yaml`);
    expect(networkOfSpec(small).hidden).toEqual([128, 64]);
    const spec = await readTrainingSpec(`${examples}compact.yaml`);
    expect(networkOfSpec(spec).hidden).toEqual([256, 128, 64]);
    expect(spec.augmentation).toEqual({ flip: true, point_noise: 0.01 });
    const drawn = await readTrainingSpec(`${examples}drawn.yaml`);
    const faces = drawn.dataloader.dataset_info.synthetic?.map((set) => set.persons * set.samples_per_person);
    expect(faces).toEqual([600_000, 150_000]);
  });

  it("fills in the original's defaults", () => {
    const spec = parseTrainingSpec("num_epoch: 3");
    expect(spec.class_list).toEqual(EXPRESSIONS);
    expect(spec.model.model_parameters.regularization_factor).toBe(0.0015);
    expect(spec.optimizer.learning_rate_schedule.base_learning_rate).toBe(0.0002);
    expect(networkOfSpec(spec).hidden).toHaveLength(5);
    expect(classWeightsOfSpec(spec)).toBeUndefined();
  });

  it("takes class weights by name or id, and a single value for a list", () => {
    const spec = parseTrainingSpec(
      "loss: {class_weights_dict: {happy: 2, 3: 0.5}}\ndataloader: {dataset_info: {tfrecords_set_id: ckplus}}",
    );
    expect(classWeightsOfSpec(spec)).toEqual([1, 2, 1, 0.5, 1, 1]);
    expect(spec.dataloader.dataset_info.tfrecords_set_id).toEqual(["ckplus"]);
  });

  it("names line, key and the nearest known key of an unknown one", () => {
    expect(problemOf("num_epoch: 3\nmodel:\n  model_parameters:\n    dropout_rte: 0.1")).toEqual(
      saying('"model.model_parameters.dropout_rte" on line 4 of spec.yaml', 'Did you mean "dropout_rate"'),
    );
  });

  it.each<[text: string, line: number, parts: string[]]>([
    ["num_epoch: 3\nnum_epochs: 4", 2, ['"num_epochs"', 'Did you mean "num_epoch"']],
    ["num_epoch: 0", 1, ["0 for num_epoch", "whole number from 1"]],
    ["class_list: [a, b]\nnum_epoch: 2.5", 2, ["2.5 for num_epoch", "whole number"]],
    ["num_epoch: ten", 1, ['"ten" for num_epoch']],
    ["num_epoch: 1\na: 1\n  b: 2", 2, []],
    ["num_epoch: 1\nclass_list: [a, b", 2, []],
    ["- 1", 1, ["no `key: value` lines"]],
    ["num_epoch: 1\nnum_epoch: 2", 2, []],
    ["__class_name__: EmotionNetTrainr", 1, ["EmotionNetTrainr", 'Did you mean "EmotionNetTrainer"']],
    ["model:\n  model_parameters:\n    dropout_rate: 1", 3, ["dropout_rate", "below 1"]],
    ["model:\n  model_parameters:\n    profile: compat", 3, ["compat", 'Did you mean "compact"']],
    ["model:\n  model_parameters:\n    regularization_type: l3", 3, ["l3", '"l1" or "l2" or "none"']],
    ["model:\n  model_parameters:\n    activation_type: elu", 3, ["elu", '"relu"']],
    ["model:\n  model_parameters:\n    data_format: channel_first", 3, ['"channels_first"']],
    ["model:\n  model_parameters:\n    bias_regularizer: l2", 3, ["biases are not regularised"]],
    ["model:\n  model_parameters:\n    use_landmarks_input: False", 3, ["images are not an input"]],
    ["model:\n  model_parameters:\n    frozen_blocks: 6", 3, ["6 layers", "at most 5"]],
    ["model:\n  model_parameters:\n    profile: small\n    hidden_layers: [4]", 3, ["both hidden_layers"]],
    ["class_list: [a, b]\nmodel:\n  model_parameters:\n    num_class: 5", 4, ["num_class 5 with 2 names"]],
    ["num_epoch: 1\nclass_list: [a, a]", 2, ["class_list", "different names"]],
    ["loss:\n  class_weights_dict:\n    happy: 1\n    hapy: 2", 4, ['"hapy"', 'Did you mean "happy"']],
    ["loss:\n  class_weights_dict: 3", 2, ["3 for loss.class_weights_dict", "mapping"]],
    ["loss: {loss_function_name: MSE}", 1, ["MSE", '"CE"']],
    ["optimizer:\n  __class_name__: SgdOptimizer", 2, ["SgdOptimizer", "AdamOptimizer"]],
    ["optimizer:\n  learning_rate_schedule:\n    soft_start: 1.2", 3, ["soft_start", "to 1"]],
    [
      "optimizer:\n  learning_rate_schedule:\n    base_learning_rate: 1e-7\n    min_learning_rate: 1e-4",
      4,
      ["min_learning_rate 0.0001 above", "Swap"],
    ],
    ["num_epoch: 1\nuse_landmarks_input: False", 2, ["images are not an input"]],
    ["dataloader: 5", 1, ["5 for dataloader", "a block of keys"]],
    [
      "dataloader:\n  num_keypoints: 80\n  dataset_info: {synthetic: [{persons: 3}]}",
      2,
      ["num_keypoints 80", "68, the points of synthetic faces"],
    ],
    ["dataloader:\n  num_keypoints: 67", 2, ["num_keypoints", "68, 80 or 104"]],
    ["dataloader:\n  image_info:\n    image_face: {channel: grey}", 3, ["image_face.channel"]],
    [
      "dataloader:\n  dataset_info:\n    tfrecords_set_id:\n      - a\n      - null",
      5,
      ["tfrecords_set_id[1]"],
    ],
    ["dataloader:\n  batch_size: big", 2, ['"big" for dataloader.batch_size', "whole number"]],
    ["dataloader:\n  dataset_info:\n    synthetic: {persons: 0}", 3, ["synthetic[0].persons", "from 1"]],
    [
      "dataloader:\n  dataset_info:\n    synthetic: {sources: {mash: 1}}",
      3,
      ["synthetic[0].sources.mash", 'Did you mean "mesh"'],
    ],
    [
      "dataloader:\n  dataset_info:\n    tfrecords_set_id: [a]\n    synthetic: {persons: 5}",
      4,
      ["both synthetic faces and records"],
    ],
    [
      "class_list: [a, b]\ndataloader:\n  dataset_info:\n    synthetic: {persons: 5}",
      4,
      ["class_list [a, b]", "neutral, happy"],
    ],
    ["dataloader:\n  dataset_info:\n    synthetic: {sources: {mesh: 0}}", 3, ["all 0", "Leave sources out"]],
    [
      "dataloader:\n  dataset_info:\n    synthetic: [{persons: 5}, {persons: 9}]",
      3,
      ["two synthetic sets of the seed 1", "a seed of its own"],
    ],
    ["evaluator:\n  dataloader:\n    batchsize: 1", 3, ['Did you mean "batch_size"']],
  ])("refuses %j on line %i", (text, line, parts) => {
    const problem = problemOf(text);
    expect(problem).toMatchObject({ code: "spec-invalid" });
    const { message } = problem as Error;
    expect(message).toMatch(new RegExp(`\\bline ${line} of spec\\.yaml`));
    for (const part of parts) expect(message).toContain(part);
  });

  it("takes faces to be drawn, one set or several, and a batch size to be probed", () => {
    const spec = parseTrainingSpec(
      "dataloader: {batch_size: auto, dataset_info: {synthetic: {persons: 7, sources: {mesh: 1}}}}",
    );
    expect(spec.dataloader.batch_size).toBe("auto");
    expect(spec.dataloader.dataset_info.synthetic).toEqual([
      {
        persons: 7,
        samples_per_person: 60,
        seed: 1,
        protocol: "wild",
        posed_share: null,
        sources: { mesh: 1, annotator: 0, detector: 0 },
        validation_persons: null,
      },
    ]);
    const two = parseTrainingSpec("dataloader: {dataset_info: {synthetic: [{seed: 1}, {seed: 2}]}}");
    expect(two.dataloader.dataset_info.synthetic?.map(({ seed }) => seed)).toEqual([1, 2]);
    expect(parseTrainingSpec("num_epoch: 1").dataloader.dataset_info.synthetic).toBeNull();
  });

  it("takes every form of no regularisation, and all that the original's keys may hold", () => {
    for (const type of ["none", "None", "null", "l1", "l2"]) {
      const spec = parseTrainingSpec(`model: {model_parameters: {regularization_type: ${type}}}`);
      const kept = { none: "none", l1: "l1", l2: "l2" }[type] ?? null;
      expect(spec.model.model_parameters.regularization_type).toBe(kept);
    }
    expect(() =>
      parseTrainingSpec("dataloader: {face_scale_factor: null, num_keypoints: 104}"),
    ).not.toThrow();
  });

  it("says so when the file is missing", async () => {
    await expect(readTrainingSpec("/nowhere/spec.yaml")).rejects.toMatchObject({ code: "file-not-found" });
  });
});
