import { type Command, Option } from "commander";
import type { Start } from "../program.ts";
import type { Session } from "../session.ts";
import { wholeNumber } from "./values.ts";

export interface ExportFlags {
  readonly model: string;
  readonly out_file?: string;
  readonly key?: string;
  readonly data_type: "fp32" | "fp16" | "int8";
  readonly opset?: number;
  readonly cal_data_file?: string;
  readonly batches?: number;
  readonly batch_size?: number;
  readonly max_batch_size?: number;
  readonly opt_batch_size?: number;
  readonly triton?: string;
  readonly deepstream?: string;
  readonly [withoutEffect: string]: unknown;
}

/** Flags of the original's exporters that have no effect here, with the reason that whoever gives one is told. */
export const EXPORT_FLAGS_WITHOUT_EFFECT: readonly { flags: string; name: string; why: string }[] = [
  { flags: "-b, --backend <name>", name: "backend", why: "there is one way to write the graph" },
  {
    flags: "--cal_image_dir <folder>",
    name: "cal_image_dir",
    why: "calibration takes landmarks; name TFRecords with --cal_data_file",
  },
  {
    flags: "--cal_cache_file <file>",
    name: "cal_cache_file",
    why: "the scales are inside the ONNX file, so no cache goes with it",
  },
  {
    flags: "--engine_file <file>",
    name: "engine_file",
    why: "engines are built where they run, by trtexec or tao-converter; --deepstream writes the command",
  },
  {
    flags: "--max_workspace_size <bytes>",
    name: "max_workspace_size",
    why: "it belongs to building an engine",
  },
  {
    flags: "--static_batch_size <count>",
    name: "static_batch_size",
    why: "the batch stays dynamic; an engine's profile sets its sizes",
  },
  {
    flags: "-s, --strict_type_constraints",
    name: "strict_type_constraints",
    why: "it belongs to building an engine",
  },
  {
    flags: "-d, --input_dims <dims>",
    name: "input_dims",
    why: "the input is always N x 1 x 136 x 1, or 160 or 208 wide for models of 80 or 104 points",
  },
  { flags: "-v, --verbose", name: "verbose", why: "problems are always told" },
];

const help = `
The ONNX file takes raw landmarks (input_landmarks:0, N x 1 x 136 x 1) and gives probabilities (softmax/Softmax:0).
A file called .onnx is written plain, one called .etlt is sealed with the key. Input and output are float32 in every data type.
Flags of the original's exporters without a meaning here are taken with a note: ${EXPORT_FLAGS_WITHOUT_EFFECT.map(({ name }) => `--${name}`).join(", ")}.

Examples:
  $ emotionnet export -m results/small/model.safetensors -o model.onnx
  $ emotionnet export -m exp1/model.tlt -o emotionnet.etlt -t tfonnx -k KEY
  $ emotionnet export -m model.safetensors -o int8.onnx --data_type int8 --cal_data_file train.tfrecords
  $ emotionnet export -m model.safetensors --triton repository --deepstream deepstream --data_type fp16`;

export function addExport(program: Command, session: Session, start: Start): void {
  const command = program
    .command("export")
    .description("write a model as an ONNX file, and as folders for Triton and DeepStream")
    .requiredOption("-m, --model <file>", "a .tlt, .safetensors, .etlt or .onnx model")
    .option("-o, --out_file <file>", "the file to write: .onnx, or .etlt with a key")
    .addOption(
      new Option("-t, --type <type>", "the original's export type; both are the same here")
        .choices(["tfonnx", "onnx"])
        .default("tfonnx"),
    )
    .option("-k, --key <key>", "opens a sealed model and seals an .etlt; by default EMOTIONNET_KEY")
    .addOption(
      new Option("--data_type <type>", "what the layers compute in")
        .choices(["fp32", "fp16", "int8"])
        .default("fp32"),
    )
    .option("--opset <number>", "ONNX operator set, 10 to 17 (int8: from 13); default 17", wholeNumber)
    .option("--cal_data_file <file>", "int8: TFRecords to calibrate with; simulated faces by default")
    .option("--batches <count>", "int8: batches to calibrate with; all by default", wholeNumber)
    .option("--batch_size <count>", "int8: faces in a batch", wholeNumber)
    .option(
      "--max_batch_size <count>",
      "most faces of one run in Triton and DeepStream; default 32",
      wholeNumber,
    )
    .option(
      "--opt_batch_size <count>",
      "faces of one run that Triton and engines aim at; default 8",
      wholeNumber,
    )
    .option("--triton <folder>", "write a Triton model repository")
    .option("--deepstream <folder>", "write model and configs for deepstream-emotion-app")
    .addHelpText("after", help);
  for (const { flags, why } of EXPORT_FLAGS_WITHOUT_EFFECT) {
    command.addOption(new Option(flags, `no effect: ${why}`).hideHelp());
  }
  command.action((flags: ExportFlags) =>
    start(import("../actions/export.ts").then((action) => action.runExport(session, flags))),
  );
}
