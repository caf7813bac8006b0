import { type Command, Option } from "commander";
import type { Start } from "../program.ts";
import type { Session } from "../session.ts";

export interface EvaluateFlags {
  readonly model: string;
  readonly experiment_spec_file: string;
  readonly results_dir?: string;
  readonly key?: string;
  readonly eval_type?: string;
  readonly gate?: string;
  readonly attributes?: string;
  readonly json?: true;
}

const help = `
Measured on the kpiset of the spec, or on its test records when there is none. With -r the results folder gets
eval_results.txt (the table), full_results.txt (a line a sample), classification_report.txt, confusion_matrix.txt,
confusion_matrix.svg, and the whole report as report.html (one page, no other file needed), report.txt and evaluation.json,
reliability.svg, risk_coverage.svg, model_card.md and data_card.md.

Gates name figures of the report: accuracy, macro_f1, weighted_f1, f1_<class>, ece, brier, log_loss, each also with _low or
_high for its 95 % interval; aurc, abstained, abstained_frontal, abstained_scrambled and more, persons, samples.

Examples:
  $ emotionnet evaluate -m results/small/model.safetensors -e examples/specs/small.yaml
  $ emotionnet evaluate -m results/small/model.safetensors -e examples/specs/small.yaml -r results/small --json
  $ emotionnet evaluate -m model.safetensors -e spec.yaml --gate "weighted_f1>=0.95,ece<=0.03"
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
    .option("--gate <conditions>", 'exit with 1 unless all hold, such as "weighted_f1>=0.95,ece<=0.03"')
    .option("--attributes <file>", "a CSV file: frame names and columns to report by")
    .option("--json", "print JSON instead of text")
    .addHelpText("after", help)
    .action((flags: EvaluateFlags) =>
      start(import("../actions/evaluate.ts").then((action) => action.runEvaluate(session, flags))),
    );
}
