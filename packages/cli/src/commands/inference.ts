import type { Command } from "commander";
import type { Start } from "../program.ts";
import type { Session } from "../session.ts";

export interface InferenceFlags {
  readonly experiment_spec_file: string;
  readonly input_data_json_path: string;
  readonly model: string;
  readonly output_folder: string;
  readonly key?: string;
  readonly image_root_path?: string;
  readonly json?: true;
}

const help = `
The output folder gets result.txt: a line a face, "<image path> <expression> ". What is wrong with a label file is told
line by line, and the other faces have answers. The class with the largest probability is the answer.

Examples:
  $ emotionnet inference -e spec.yaml -i S111_001_00000013_surprise.json -m results/model.tlt -o results -k KEY
  $ emotionnet inference -e spec.yaml -i labels/ -m results/model.safetensors -o results --json`;

export function addInference(program: Command, session: Session, start: Start): void {
  program
    .command("inference")
    .description("answer the faces of label JSON files")
    .requiredOption("-e, --experiment_spec_file <file>", "the training spec (YAML)")
    .requiredOption("-i, --input_data_json_path <path>", "a label JSON file, or a folder of them")
    .requiredOption("-m, --model <file>", "a .tlt, .safetensors, .etlt or .onnx model")
    .requiredOption("-o, --output_folder <folder>", "where result.txt goes")
    .option("-k, --key <key>", "the key of a .tlt or .etlt model; by default EMOTIONNET_KEY")
    .option("-r, --image_root_path <folder>", "put before picture paths that are relative")
    .option("--json", "print a JSON line a face, with all probabilities")
    .addHelpText("after", help)
    .action((flags: InferenceFlags) =>
      start(import("../actions/inference.ts").then((action) => action.runInference(session, flags))),
    );
}
