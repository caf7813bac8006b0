/** A model folder for NVIDIA's deepstream-emotion-app. */

import { LANDMARK_COUNT } from "@emotionnet/core";
import { CLASSIFIER_INPUT, type DataType } from "../classifier-graph.ts";
import type { BatchSizes, DeployedSpec } from "./triton.ts";
import type { FolderFile } from "./write-folder.ts";

const MODEL_FILE = "emotionnet.onnx";
/** The two forms that the app's library reads. */
const CONFIG_FILES = { keyValue: "emotion_model_config.txt", yaml: "emotion_model_config.yml" };

/**
 * The ONNX file, the emotion model config as key=value text and as YAML, and a README on their use.
 * The keys are those of NVIDIA's sample; etltPath and etltKey are left empty, because the library can decode NVIDIA's own
 * encryption only: it runs the engine that is built from the ONNX file.
 */
export function deepstreamFiles(
  onnx: Uint8Array,
  { inputs, classes }: DeployedSpec,
  dataType: DataType,
  batch: BatchSizes,
): FolderFile[] {
  const engine = `${MODEL_FILE}_b${batch.largest}_gpu0_${dataType}.engine`;
  const settings: [key: string, value: string | number][] = [
    ["enginePath", `./${engine}`],
    ["etltPath", ""],
    ["etltKey", ""],
    ["networkMode", dataType],
    ["batchSize", batch.largest],
    ["inputWidth", inputs],
    ["inputHeight", 1],
    ["inputType", ""],
  ];
  const labels = classes.map((name, id) => `${id},${name}`);
  const keyValue = [...settings, ...labels.map((label) => ["label", label] as const)];
  const yaml = [
    ...settings.map(([key, value]) => (value === "" ? `${key}:` : `${key}: ${value}`)),
    "label:",
    ...labels.map((label) => `  - ${label}`),
  ];
  return [
    { path: MODEL_FILE, content: onnx },
    { path: CONFIG_FILES.keyValue, content: keyValue.map(([key, value]) => `${key}=${value}\n`).join("") },
    { path: CONFIG_FILES.yaml, content: `${yaml.join("\n")}\n` },
    { path: "README.md", content: readme(engine, inputs, dataType, batch) },
  ];
}

function readme(
  engine: string,
  inputs: number,
  dataType: DataType,
  { largest, preferred }: BatchSizes,
): string {
  const shapes = [1, preferred, largest].map((size) => `${size}x1x${inputs}x1`);
  const [minimum, optimum, maximum] = shapes.map((shape) => `'${CLASSIFIER_INPUT}':${shape}`);
  const precision = { fp32: "", fp16: " --fp16", int8: " --int8 --fp16" }[dataType];
  return `# This model in deepstream-emotion-app

1. Build the engine on the machine that will run it (engines fit one GPU and one TensorRT version):

       trtexec --onnx=${MODEL_FILE}${precision} --saveEngine=${engine} \\
         --minShapes=${minimum} --optShapes=${optimum} --maxShapes=${maximum}

2. Give the app \`${CONFIG_FILES.keyValue}\`, or \`${CONFIG_FILES.yaml}\` from DeepStream 6.1.1 on, in place of its own emotion
   model config (\`customlib-props: config-file:<path>\`). Paths in it count from the folder of the app's emotion library
   (\`libnvds_emotion_impl.so\`): make \`enginePath\` absolute, or copy the engine there.

The config has no \`etltPath\`: the app's library decodes only NVIDIA's encryption there. It takes the engine when that file exists.
With YAML, the app's library is known to ignore \`networkMode\` and to stay at fp16; a ready engine keeps its own precision.

${pointsNote(inputs / 2)}The graph normalises landmarks itself. Any shift, scaling or rotation that a library applies before changes nothing.

Not checked: this project's tests have no DeepStream, TensorRT or GPU. They check that the two configs say the same and parse,
that ONNX Runtime gives the right answers, and that the ONNX checker accepts the file.
`;
}

/** The app's library copies the first 68 points of a face, whatever the landmark model gives. */
function pointsNote(points: number): string {
  if (points === LANDMARK_COUNT) return "";
  return `This model takes ${points} points. The app's own library hands over the first ${LANDMARK_COUNT} only: it has to be changed to hand over ${points}.

`;
}
