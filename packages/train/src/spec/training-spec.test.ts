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

  it.each([
    ["num_epoch: 0", ["num_epoch on line 1", "whole number from 1"]],
    ["num_epoch: 2.5", ["num_epoch on line 1", "whole number"]],
    ["a: 1\n  b: 2", ["line"]],
    ["- 1", ["line 1"]],
    ["model: {model_parameters: {dropout_rate: 1}}", ["dropout_rate", "below 1"]],
    ["model: {model_parameters: {profile: huge}}", ["huge", '"compact"']],
    ["model: {model_parameters: {regularization_type: l1}}", ["l1", '"l2"']],
    ["model: {model_parameters: {profile: small, hidden_layers: [4]}}", ["both hidden_layers and profile"]],
    ["model: {model_parameters: {num_class: 5}}", ["num_class 5"]],
    ["class_list: [a, a]", ["class_list"]],
    ["loss: {class_weights_dict: {hapy: 2}}", ['"hapy"']],
    ["optimizer: {__class_name__: SgdOptimizer}", ["SgdOptimizer", "AdamOptimizer"]],
    ["use_landmarks_input: False", ["use_landmarks_input", "images are not an input"]],
    ["dataloader: 5", ["dataloader on line 1"]],
  ])("refuses %j", (text, parts) => {
    expect(problemOf(text)).toEqual(saying(...parts));
  });

  it("says so when the file is missing", async () => {
    await expect(readTrainingSpec("/nowhere/spec.yaml")).rejects.toMatchObject({ code: "file-not-found" });
  });
});
