/**
 * The training spec: every key of TAO's EmotionNet spec with its kind, default and range, and this project's own keys
 * (marked "ours"). Source of TAO's keys and values: the spec files of NVIDIA's public notebooks.
 */

import { EXPRESSIONS, PROFILES, type ProfileName } from "@emotionnet/core";
import { SOURCES, type Source } from "../generator/sensor.ts";
import {
  block,
  choice,
  dictionary,
  type Field,
  flag,
  ignored,
  integer,
  list,
  number,
  oneOf,
  optional,
  orWord,
  text,
  type ValueOf,
} from "./fields.ts";

const profileNames = Object.keys(PROFILES) as ProfileName[];

const size = ignored(integer(1, { least: 1 }));
/** Only the original's image mode used it. */
const imageInfo = block({
  image_frame: block({ channel: size, height: size, width: size }),
  image_face: block({ channel: size, height: size, width: size }),
});

/** Persons that are drawn rather than read; those of validation are further ones. */
const syntheticSet = block({
  persons: integer(300, { least: 1, most: 10_000_000 }),
  /** Faces of each person in an epoch. */
  samples_per_person: integer(60, { least: 1, most: 1_000_000 }),
  seed: integer(1, { least: 0, most: 4294967295 }),
  protocol: choice(["wild", "multipie"], "wild"),
  /** Share of posed performances; without it 1 in the studio (multipie) and 0.3 elsewhere. */
  posed_share: optional(number(0.3, { least: 0, most: 1 })),
  /** Relative shares of who placed the points. */
  sources: optional(
    block(
      Object.fromEntries(SOURCES.map((name) => [name, number(0, { least: 0 })])) as Record<
        Source,
        Field<number>
      >,
    ),
  ),
  /** Without it a tenth of `persons`. */
  validation_persons: optional(integer(30, { least: 1, most: 1_000_000 })),
});

const dataloader = block(
  {
    /** `auto` (ours): by a short probe of the machine. */
    batch_size: orWord("auto", integer(64, { least: 1, most: 65536 })),
    face_scale_factor: ignored(number(1.3, { least: 0 })),
    /** Points of each face that the network takes; records of more give their first ones. */
    num_keypoints: oneOf([68, 80, 104], 68),
    prefetch_num: ignored(integer(3, { least: 0 })),
    image_info: imageInfo,
    dataset_info: block({
      root_path: optional(text("")),
      image_extension: ignored(text("png")),
      tfrecords_directory_path: list(text(""), []),
      tfrecords_set_id: list(text(""), []),
      ground_truth_folder_name: list(text(""), ["Ground_Truth_DataFactory"]),
      tfrecord_folder_name: list(text(""), ["TfRecords_combined"]),
      train_file_name: text("train.tfrecords"),
      validate_file_name: text("validate.tfrecords"),
      test_file_name: text("test.tfrecords"),
      /** Ours, in place of records: faces that are drawn while training. */
      synthetic: optional(list(syntheticSet, [])),
    }),
    kpiset_info: block({
      kpi_root_path: optional(text("")),
      kpi_tfrecords_directory_path: list(text(""), []),
      tfrecords_set_id_kpi: list(text(""), []),
      ground_truth_folder_name_kpi: list(text(""), ["Ground_Truth_DataFactory"]),
      tfrecord_folder_name_kpi: list(text(""), ["TfRecords_combined"]),
      kpi_file_name: text("test.tfrecords"),
    }),
  },
  "EmotionNetDataloader",
);

const modelParameters = block({
  /** Ours: the width of each hidden layer; without it and `profile` the reference network of the original's size. */
  hidden_layers: optional(list(integer(1, { least: 1, most: 65536 }), [])),
  /** Ours: hidden layers by name. */
  profile: optional(choice(profileNames, "reference")),
  use_batch_norm: flag(true),
  data_format: ignored(choice(["channels_first", "channels_last"], "channels_first")),
  regularization_type: optional(choice(["l1", "l2", "none"], "l2")),
  /** λ of λ·ΣW² (l2) or λ·Σ|W| (l1), in the loss once for every batch. */
  regularization_factor: number(0.0015, { least: 0 }),
  bias_regularizer: optional(choice([], "" as never, "Leave it at null: biases are not regularised.")),
  use_landmarks_input: flag(true),
  activation_type: choice(["relu"], "relu"),
  dropout_rate: number(0.3, { least: 0, below: 1 }),
  num_class: optional(integer(6, { least: 2 })),
  pretrained_model_path: optional(text("")),
  frozen_blocks: integer(0, { least: 0 }),
});

const learningRateSchedule = block(
  {
    /** Share of the run that warms up. */
    soft_start: number(0.2, { least: 0, most: 1 }),
    /** Share of the run after which the rate falls. */
    annealing: number(0.8, { least: 0, most: 1 }),
    base_learning_rate: number(2e-4, { least: 1e-30 }),
    min_learning_rate: number(2e-7, { least: 1e-30 }),
    /** Overwritten by steps per epoch × epochs, as in the original. */
    last_step: ignored(integer(0, { least: 0 })),
  },
  "SoftstartAnnealingLearningRateSchedule",
);

const loss = block(
  {
    loss_function_name: choice(["CE"], "CE"),
    /** Weight of each class's samples, by class name or id; 1 where none is given. */
    class_weights_dict: optional(dictionary(number(1, { least: 0 }))),
    /** Ours: share of each target spread over all classes. */
    label_smoothing: number(0, { least: 0, below: 1 }),
  },
  "EmotionNetLoss",
);

const TRAINING_SPEC = block(
  {
    checkpoint_dir: optional(text("")),
    random_seed: integer(42, { least: 0, most: 4294967295 }),
    log_every_n_secs: number(10, { least: 0 }),
    checkpoint_n_epoch: integer(1, { least: 1 }),
    num_epoch: integer(50, { least: 1 }),
    infrequent_summary_every_n_steps: ignored(integer(0, { least: 0 })),
    /** The original also had an image mode, which is refused here. */
    use_landmarks_input: flag(true),
    class_list: list(text(""), EXPRESSIONS as readonly string[]),
    /** Ours: epochs without a lower validation loss after which training stops. */
    early_stop_epochs: optional(integer(10, { least: 1 })),
    /** Ours: what happens to training landmarks on their way in. */
    augmentation: block({
      /** Half of the faces are mirrored. */
      flip: flag(false),
      /** Normal noise added to every coordinate, in the unit of normalised landmarks (1 = the size of the face). */
      point_noise: number(0, { least: 0 }),
    }),
    /** Ours: what the model file says about itself. */
    model_card: block({
      name: text("emotionnet"),
      licence: text("unknown"),
      data_sources: list(text(""), []),
      /** The data are simulated; the names of the measured figures say so. */
      simulated: flag(false),
      abstain_confidence: number(0, { least: 0, most: 1 }),
      abstain_quality: number(0, { least: 0, most: 1 }),
      /** Degrees of yaw beyond which the answer is `unknown`; 90: never. */
      abstain_yaw: number(90, { least: 0, most: 90 }),
      /** Pixels between the outer eye corners below which the answer is `unknown`; 0: never. */
      abstain_size: number(0, { least: 0 }),
    }),
    dataloader,
    model: block({ model_parameters: modelParameters }, "EmotionNetModel"),
    loss,
    optimizer: block(
      {
        beta1: number(0.9, { least: 0, below: 1 }),
        beta2: number(0.999, { least: 0, below: 1 }),
        epsilon: number(1e-8, { least: 0 }),
        learning_rate_schedule: learningRateSchedule,
      },
      "AdamOptimizer",
    ),
    evaluator: block({ dataloader, loss }, "EmotionNetEvaluator"),
  },
  "EmotionNetTrainer",
);

/** A checked spec; keys as in the file, every default filled in. */
export type TrainingSpec = ValueOf<typeof TRAINING_SPEC>;

export const trainingSpecField = TRAINING_SPEC;
