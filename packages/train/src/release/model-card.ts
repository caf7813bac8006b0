/** The default model's card: a README with the front matter that model hubs read. */

import { parameterCount } from "@emotionnet/core";
import type { ModelEvaluation } from "../evaluate/evaluate-answers.ts";
import { kpiTable } from "../evaluate/kpi-table.ts";
import type { TrainingOutcome } from "../trainer/train-model.ts";

export interface Measured {
  readonly name: string;
  readonly evaluation: ModelEvaluation;
}

const WHAT_IT_IS: Readonly<Record<string, string>> = {
  multipie: "studio pictures of Multi-PIE's fifteen cameras, balanced classes",
  "multipie-shares": "the same with Multi-PIE's class shares, as in the original's card",
  wild: "free pictures, points of mixed origin",
  "wild-mesh": "free pictures, points like those of the face mesh",
  "wild-annotator": "free pictures, points like those of human annotators",
  "wild-detector": "free pictures, points like those of other detectors",
};

/** Markdown; every figure in it is simulated and says so on its line. */
export function modelCard({ model, bestEpoch }: TrainingOutcome, measured: readonly Measured[]): string {
  const { metadata } = model;
  const { spec } = metadata;
  const widths = [spec.inputs, ...spec.hidden, spec.classes.length].join("-");
  const rows = measured.map(({ name, evaluation: { accuracy, average, majorityBaseline, calibration } }) =>
    [
      "",
      `simulated: ${WHAT_IT_IS[name] ?? name}`,
      percent(accuracy),
      percent(average.f1),
      percent(majorityBaseline),
      calibration.expectedCalibrationError.toFixed(3),
      "",
    ]
      .join(" | ")
      .trim(),
  );
  const studio = measured.find(({ name }) => name === "multipie-shares");
  return `---
license: apache-2.0
library_name: emotionnet
pipeline_tag: other
tags: [facial-expression, facial-landmarks, onnx, safetensors]
---

# ${metadata.name}

Made by \`npm run model\`; every number on this page was written by that command.

- **Task**: 68 facial landmarks → one of ${spec.classes.length} expressions: ${spec.classes.join(", ")}.
- **Network**: ${widths}, ${parameterCount(spec).toLocaleString("en")} stored values, batch norm, ReLU; best of its epochs: ${bestEpoch}.
- **Input**: iBUG-68 landmarks in any unit; normalisation \`${metadata.normalisation}\` is part of the library and inside the ONNX file.
- **Calibration**: logits are divided by ${metadata.temperature.toFixed(3)}, fitted on simulated persons kept out of training.
- **Licence**: ${metadata.licence}. **Training data**: ${metadata.dataSources.join("; ")}.
- **Files**: \`emotionnet.safetensors\` (trainable), \`emotionnet.onnx\` (deployable), \`golden.json\` (landmarks with the
  answers every runtime must give), \`metrics-*.json\`, \`spec.yaml\`.

## Measured on simulated persons

| data | accuracy % | macro F1 % | majority class % | ECE |
|---|---|---|---|---|
${rows.join("\n")}

${studio ? `\`\`\`\n${kpiTable(studio.evaluation, "Multi-PIE's cameras and class shares (simulated)")}\`\`\`\n` : ""}
Simulated figures say how well the network learned the simulation, not how well it reads real faces.

## Limits

It sees face shapes in 68 points, nothing else: no wrinkles, no teeth, no gaze. Faint expressions, profiles beyond about
45 degrees, hidden faces and unusual face shapes are answered worse. An expression is a visible face shape and says
nothing certain about what a person feels, wants or is.
`;
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}
