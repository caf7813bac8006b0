import type { Command } from "commander";
import type { Start } from "../program.ts";
import type { Session } from "../session.ts";

export interface ExportFlags {
  readonly model: string;
  readonly out_file: string;
  readonly type: string;
  readonly key?: string;
}

const help = `
The ONNX file takes raw landmarks (input_landmarks:0, N x 1 x 136 x 1) and gives probabilities (softmax/Softmax:0).

Examples:
  $ emotionnet export -m results/small/model.safetensors -o model.onnx`;

export function addExport(program: Command, session: Session, start: Start): void {
  program
    .command("export")
    .description("write a model as an ONNX file")
    .requiredOption("-m, --model <file>", "a .safetensors model")
    .requiredOption("-o, --out_file <file>", "the ONNX file to write")
    .option("-t, --type <type>", "the original's export type; tfonnx and onnx are the same here", "onnx")
    .option("-k, --key <key>", "accepted for compatibility; the file is written without a key")
    .addHelpText("after", help)
    .action((flags: ExportFlags) =>
      start(import("../actions/export.ts").then((action) => action.runExport(session, flags))),
    );
}
