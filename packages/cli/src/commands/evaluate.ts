import { type Command, Option } from "commander";
import type { Start } from "../program.ts";
import type { Session } from "../session.ts";

export interface EvaluateFlags {
  readonly model: string;
  readonly experiment_spec_file: string;
  readonly results_dir?: string;
  readonly key?: string;
  readonly eval_type?: string;
  readonly json?: true;
}

const help = `
Measured on the kpiset of the spec, or on its test records when there is none. With -r the results folder gets
eval_results.txt (the table), full_results.txt (a line a sample), classification_report.txt, confusion_matrix.txt,
confusion_matrix.svg and evaluation.json.

Examples:
  $ emotionnet evaluate -m results/small/model.safetensors -e examples/specs/small.yaml
  $ emotionnet evaluate -m results/small/model.safetensors -e examples/specs/small.yaml -r results/small --json
  $ emotionnet evaluate -m exp1/model.tlt -r exp1 -e emotionnet_tlt.yaml -k KEY`;

export function addEvaluate(program: Command, session: Session, start: Start): void {
  program
    .command("evaluate")
    .description("measure a model on the test set of a spec file")
    .requiredOption("-m, --model <file>", "a .tlt, .safetensors, .etlt or .onnx model")
    .requiredOption("-e, --experiment_spec_file <file>", "the training spec (YAML)")
    .option("-r, --results_dir <folder>", "write reports there")
    .option("-k, --key <key>", "the key of a .tlt or .etlt model; by default EMOTIONNET_KEY")
    .addOption(
      new Option("--eval_type <type>", "the original's only kind, also as -type").choices(["kpi_testing"]),
    )
    .option("--json", "print JSON instead of the table")
    .addHelpText("after", help)
    .action((flags: EvaluateFlags) =>
      start(import("../actions/evaluate.ts").then((action) => action.runEvaluate(session, flags))),
    );
}
