/** The card of a model: a README with the front matter that model hubs read. One writer for train, evaluate and the release. */

import { EXPRESSIONS, type ModelMetadata, parameterCount } from "@emotionnet/core";
import { stringify } from "yaml";
import type { ModelEvaluation } from "../evaluate/evaluate-answers.ts";
import { kpiTable } from "../evaluate/kpi-table.ts";
import type { Interval } from "./bootstrap.ts";
import { licenceId } from "./licence-id.ts";

/** A model measured on one data set. */
export interface Measured {
  /** Short name of the data set. */
  readonly name: string;
  /** What the data set is, in a few words; the name when absent. */
  readonly description?: string;
  readonly isSimulated: boolean;
  readonly evaluation: ModelEvaluation;
  /** 95 % interval of the macro F1, persons resampled. */
  readonly macroF1Interval?: Interval;
}

export interface ModelCardInput {
  readonly metadata: ModelMetadata;
  readonly measured: readonly Measured[];
  /** The command that wrote the card, without backticks. */
  readonly madeBy: string;
  /** Further facts, one a line, as Markdown. */
  readonly facts?: readonly string[];
  /** Further sections, as Markdown with their headings. */
  readonly sections?: readonly string[];
}

/** Markdown with YAML front matter; every simulated figure says so on its line. */
export function modelCard({ metadata, measured, madeBy, facts = [], sections = [] }: ModelCardInput): string {
  const parts = [
    frontMatter(metadata, measured),
    `# ${metadata.name}`,
    `Written by \`${madeBy}\`; every number on this page was measured by it or is stored in the model.`,
    whatItIs(metadata, facts),
    measured.length > 0 ? measuredSection(measured) : storedFigures(metadata),
    ...sections,
    intendedUse,
    limitsOf(metadata),
    origin(metadata),
  ];
  return `${parts.filter(Boolean).join("\n\n")}\n`;
}

function frontMatter(metadata: ModelMetadata, measured: readonly Measured[]): string {
  const points = metadata.spec.inputs / 2;
  const task = { type: "tabular-classification", name: `Facial expression from ${points} landmarks` };
  const results = measured.map(({ name, isSimulated, evaluation }) => {
    const mark = isSimulated ? " (simulated)" : "";
    const metric = (type: string, label: string, value: number) => ({
      type,
      name: `${label}${mark}`,
      value: Number(value.toFixed(5)),
    });
    return {
      task,
      dataset: { type: isSimulated ? "simulated" : "landmarks", name: `${name}${mark}` },
      metrics: [
        metric("accuracy", "accuracy", evaluation.accuracy),
        metric("f1", "macro F1", evaluation.average.f1),
        metric("f1", "weighted F1", evaluation.weightedAverage.f1),
        metric("ece", "expected calibration error", evaluation.calibration.expectedCalibrationError),
      ],
    };
  });
  const matter = {
    ...licenceId(metadata.licence),
    library_name: "emotionnet",
    pipeline_tag: task.type,
    tags: ["facial-expression", "facial-landmarks", "onnx", "safetensors"],
    ...(results.length > 0 ? { "model-index": [{ name: metadata.name, results }] } : {}),
  };
  return `---\n${stringify(matter, { lineWidth: 0, aliasDuplicateObjects: false })}---`;
}

function whatItIs(metadata: ModelMetadata, facts: readonly string[]): string {
  const { spec, abstain } = metadata;
  const widths = [spec.inputs, ...spec.hidden, spec.classes.length].join("-");
  const rules = [
    abstain.confidence > 0 ? `its confidence is below ${abstain.confidence}` : "",
    abstain.quality > 0 ? `the quality of the landmarks is below ${abstain.quality}` : "",
    (abstain.yaw ?? 90) < 90 ? `the head is turned by more than ${abstain.yaw}°` : "",
    (abstain.size ?? 0) > 0 ? `the outer eye corners are closer than ${abstain.size} pixels` : "",
  ].filter(Boolean);
  return [
    `- **Task**: ${spec.inputs / 2} facial landmarks → one of ${spec.classes.length} expressions: ${spec.classes.join(", ")}.`,
    `- **Network**: ${widths}, ${parameterCount(spec).toLocaleString("en")} stored values${spec.batchNorm ? ", batch norm" : ""}, ReLU.`,
    `- **Input**: ${metadata.scheme === "ibug-68" ? "iBUG-68" : metadata.scheme} landmarks in any unit; normalisation \`${metadata.normalisation}\` is part of the library and inside the ONNX file.`,
    metadata.temperature === 1
      ? "- **Calibration**: none; the logits are taken as they are."
      : `- **Calibration**: logits are divided by ${metadata.temperature.toFixed(3)}, fitted on persons kept out of training.`,
    `- **Abstains**: ${rules.length > 0 ? `answers \`unknown\` when ${rules.join(", or ")}` : "never"}.`,
    ...facts.map((fact) => `- ${fact}`),
  ].join("\n");
}

function measuredSection(measured: readonly Measured[]): string {
  const rows = measured.map(({ name, description, isSimulated, evaluation, macroF1Interval }) => {
    const { accuracy, average, weightedAverage, majorityBaseline, calibration, total } = evaluation;
    const { low, high } = macroF1Interval ?? {};
    const interval = low === undefined || high === undefined ? "" : ` (${percent(low)} to ${percent(high)})`;
    const cells = [
      `${isSimulated ? "simulated: " : ""}${description ?? name}`,
      String(total),
      percent(accuracy),
      `${percent(average.f1)}${interval}`,
      percent(weightedAverage.f1),
      percent(majorityBaseline),
      calibration.expectedCalibrationError.toFixed(3),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  const only = measured.length === 1 ? measured[0] : undefined;
  const table = only
    ? `\n\n\`\`\`\n${kpiTable(only.evaluation, `${only.name}${only.isSimulated ? " (simulated)" : ""}`)}\`\`\``
    : "";
  const note = measured.some(({ isSimulated }) => isSimulated)
    ? "\n\nSimulated figures say how well the network learned the simulation, not how well it reads real faces."
    : "";
  return `## Measured

Answers are forced: abstaining does not count here.

| data | faces | accuracy % | macro F1 % | weighted F1 % | majority class % | ECE |
|---|---|---|---|---|---|---|
${rows.join("\n")}${table}${note}`;
}

/** Names of simulated figures begin with the word. */
function storedFigures({ metrics }: ModelMetadata): string {
  const rows = byName(metrics).map(([name, value]) => `| ${name} | ${Number(value.toFixed(5))} |`);
  return rows.length === 0
    ? ""
    : `## Figures stored in the model\n\n| figure | value |\n|---|---|\n${rows.join("\n")}`;
}

const intendedUse = `## Intended use

Finding out which of a few expressions a visible face shows, from its landmarks: sorting and searching one's own pictures and
videos, research on face shapes, interfaces that react to an expression and are told when there is no answer, teaching.

**Out of scope**: decisions about a person (employment, education, credit, insurance, policing, borders, health), lie detection,
attention or personality scoring, identifying people, and watching people who have not agreed to it. In the European Union the
AI Act forbids systems that infer emotions at work and in schools, medical and safety reasons excepted.`;

const limitsOf = ({ spec }: ModelMetadata) => {
  // What is known of the original's classes need not hold for those of somebody's own labels.
  const isOriginal = spec.classes.every((name) => (EXPRESSIONS as readonly string[]).includes(name));
  const classes = isOriginal
    ? "The classes are **posed expressions** as in Multi-PIE."
    : "The classes are those of the labels it was trained on, most likely **posed expressions**.";
  const atRest = isOriginal ? "disgust or squint" : "an expression that it does not show";
  return `## Limits

- An expression is a visible face shape. It says nothing certain about what a person feels, wants or is.
- ${classes} Spontaneous, mixed and faint expressions are answered worse; whatever else
  a face shows is pressed into the same classes.
- It sees ${spec.inputs / 2} points: no wrinkles, no teeth, no gaze, no colour. Errors of the landmark detector are its errors.
- **Profiles**: beyond about 45° half of the face is a guess of the detector, and answers get worse.
- **Occlusion**: hands, masks, hair, glasses and beards hide points; guessed points look like an expression that is not there.
- **Culture**: how and when an expression is shown differs between cultures, ages and persons; none of that was measured.
- **Facial palsy** and other differences in movement or shape (after a stroke, surgery or injury, or from birth) are read wrongly: a
  face at rest may be called ${atRest}. Do not use it to judge such faces.`;
};

function origin({ licence, dataSources, hashes }: ModelMetadata): string {
  const sources = dataSources.length > 0 ? dataSources.map((line) => `- ${line}`) : ["- not stated"];
  const sums = byName(hashes).map(([name, hash]) => `- \`${name}\`: \`${hash}\``);
  return [
    "## Licence and sources",
    `Licence of the model: ${licence}. Trained on:`,
    sources.join("\n"),
    sums.length > 0 ? `Made from (SHA-256 or version):\n\n${sums.join("\n")}` : "",
  ]
    .filter(Boolean)
    .join("\n\n");
}

/** Files keep entries sorted by name; so does the card of a model that was never in one. */
function byName<Value>(record: Readonly<Record<string, Value>>): [name: string, value: Value][] {
  return Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1));
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}
