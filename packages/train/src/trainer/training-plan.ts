/** A spec turned into the numbers that training runs on, checked against the data. */

import { EmotionNetError, type Model } from "@emotionnet/core";
import { type Dataset, faceValues } from "../dataset/dataset.ts";
import type { Augmentation } from "../feed/batch-filler.ts";
import { classWeightsOfSpec, networkOfSpec } from "../spec/read-spec.ts";
import type { TrainingSpec } from "../spec/training-spec.ts";
import type { TargetOptions } from "../step/softmax-cross-entropy.ts";
import type { StepOptions } from "../step/training-step.ts";
import type { LearningRateSchedule } from "./learning-rate.ts";

/** Every hyper-parameter of a run. */
export interface TrainingPlan {
  readonly step: StepOptions;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  /** Steps of the whole run; the schedule ends there. */
  readonly lastStep: number;
  readonly schedule: LearningRateSchedule;
  readonly targets: TargetOptions;
  readonly augmentation: Augmentation;
  /** Validation and checkpoint after every so many epochs. */
  readonly validateEvery: number;
  /** Epochs without a better validation after which the run stops. */
  readonly patience: number;
}

/** What a plan needs to know of data. */
type Labelled = Pick<Dataset, "classes" | "count" | "scheme">;

/**
 * @throws EmotionNetError `spec-invalid` when the data are of other classes or too few for one batch, or the weights to
 * start from are of another network; `dataset-empty` without validation samples.
 */
export function planTraining(
  spec: TrainingSpec,
  batchSize: number,
  train: Labelled,
  validation: Labelled,
  pretrained: Model | undefined,
): TrainingPlan {
  const network = networkOfSpec(spec);
  const parameters = spec.model.model_parameters;
  const { beta1, beta2, epsilon, learning_rate_schedule: schedule } = spec.optimizer;
  const stepsPerEpoch = Math.floor(train.count / batchSize);
  const classWeights = classWeightsOfSpec(spec);
  assertFitting(spec, batchSize, train, validation, pretrained);
  return {
    step: {
      spec: network,
      batchSize,
      ...regularisationOf(parameters),
      frozenLayers: pretrained ? parameters.frozen_blocks : 0,
      adam: { beta1, beta2, epsilon },
    },
    epochs: spec.num_epoch,
    stepsPerEpoch,
    lastStep: stepsPerEpoch * spec.num_epoch,
    schedule: {
      softStart: schedule.soft_start,
      annealing: schedule.annealing,
      base: schedule.base_learning_rate,
      minimum: schedule.min_learning_rate,
    },
    targets: { labelSmoothing: spec.loss.label_smoothing, ...(classWeights ? { classWeights } : {}) },
    augmentation: { flip: spec.augmentation.flip, pointNoise: spec.augmentation.point_noise },
    validateEvery: spec.checkpoint_n_epoch,
    patience: spec.early_stop_epochs ?? Number.POSITIVE_INFINITY,
  };
}

function regularisationOf({
  regularization_type: kind,
  regularization_factor: factor,
}: TrainingSpec["model"]["model_parameters"]): Pick<StepOptions, "regularisation"> {
  return kind === null || kind === "none" || factor === 0 ? {} : { regularisation: { kind, factor } };
}

function assertFitting(
  spec: TrainingSpec,
  batchSize: number,
  train: Labelled,
  validation: Labelled,
  pretrained: Model | undefined,
): void {
  const wanted = networkOfSpec(spec).inputs;
  const other = [train, validation].map(faceValues).find((values) => values !== wanted);
  if (other !== undefined) {
    throw new EmotionNetError("spec-invalid", {
      got: `data of ${other / 2} points a face`,
      wanted: `${wanted / 2}, as num_keypoints says`,
      mend: "Give num_keypoints as in the data; simulated faces have 68 points.",
    });
  }
  const classes = spec.class_list.join(", ");
  const stranger = [train, validation].find((dataset) => dataset.classes.join(", ") !== classes);
  if (stranger) {
    throw new EmotionNetError("spec-invalid", {
      got: `data of the classes ${stranger.classes.join(", ")}`,
      wanted: `the class_list ${classes}`,
      mend: "Give class_list in the order that the data were made with.",
    });
  }
  if (validation.count === 0) {
    throw new EmotionNetError("dataset-empty", {
      got: "no validation samples",
      wanted: "at least one, better a tenth of the data",
      mend: "Make the data set again with more persons.",
    });
  }
  if (train.count < batchSize) {
    throw new EmotionNetError("spec-invalid", {
      got: `${train.count} training samples for a batch_size of ${batchSize}`,
      wanted: "at least one whole batch",
      mend: "Lower dataloader.batch_size, or make more data.",
    });
  }
  if (!pretrained) return;
  const layoutOf = ({ inputs, hidden, classes: names, batchNorm }: Model["metadata"]["spec"]) =>
    `${[inputs, ...hidden].join("-")} → ${names.join(", ")}${batchNorm ? " with batch norm" : ""}`;
  const [given, own] = [layoutOf(pretrained.metadata.spec), layoutOf(networkOfSpec(spec))];
  if (given === own) return;
  throw new EmotionNetError("spec-invalid", {
    got: `a pretrained model of the network ${given}`,
    wanted: own,
    mend: "Give num_keypoints, hidden_layers, class_list and use_batch_norm as in the pretrained model.",
  });
}
